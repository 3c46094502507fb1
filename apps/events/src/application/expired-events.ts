import { TenantId } from '@libs/kernel';
import { RetentionPolicy } from '../domain/retention-policy';

/** What is kept per tenant, and therefore goes per tenant. */
export const RETAINED = [
  { name: 'user_events', critical: true },
  { name: 'transactions', critical: true },
  { name: 'ai_insights', critical: true },
  { name: 'notifications', critical: false },
] as const;
export type Retained = (typeof RETAINED)[number]['name'];

/** Everything the sinks keep, as the upkeep sees it. */
export abstract class ExpiredEvents {
  /** Every tenant with the policy that binds it. Outside a transaction. */
  abstract policies(): Promise<ReadonlyMap<TenantId, RetentionPolicy>>;
  /** Whether nobody else deletes now; until the end of the open transaction. */
  abstract lock(): Promise<boolean>;
  /** Deletes of these tenants what is older than `before`, `most` rows at most. In the open transaction. @returns how many */
  abstract delete(
    what: Retained,
    tenantIds: readonly TenantId[],
    before: Date,
    most: number,
  ): Promise<number>;
  /** Deletes dead letters, of every tenant and of none, 90 days after they came, `most` at most. Outside a transaction. @returns how many */
  abstract deleteDeadLetters(most: number): Promise<number>;
}
