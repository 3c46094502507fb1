import { TenantId } from '@libs/kernel';
import { Retention } from '../domain/retention';
import { AppKey } from './rollup.store';

/** Everything that is kept of events, as the upkeep sees it. */
export abstract class ExpiredEvents {
  /** Every tenant with the retention that binds it. Outside a transaction. */
  abstract policies(): Promise<ReadonlyMap<TenantId, Retention>>;
  /** Whether nobody else deletes now; until the end of the open transaction. */
  abstract lock(): Promise<boolean>;
  /** Deletes raw events of these tenants whose timestamp is before `before`, `most` at most. In the open transaction. @returns how many */
  abstract deleteRaw(tenantIds: readonly TenantId[], before: Date, most: number): Promise<number>;
  /** The applications of these tenants of which anything is kept for days before `before`. In the open transaction. */
  abstract appsWithDaysBefore(tenantIds: readonly TenantId[], before: Date): Promise<readonly AppKey[]>;
  /**
   * Deletes quarters, days and sessions from before `before`, `most` of each kind at most, with the application locked. In the open
   * transaction. @returns how many; 0 when all is gone
   */
  abstract deleteRollups(app: AppKey, before: Date, most: number): Promise<number>;
  /** Deletes dead letters, of every tenant and of none, 90 days after they came, `most` at most. Outside a transaction. @returns how many */
  abstract deleteDeadLetters(most: number): Promise<number>;
}
