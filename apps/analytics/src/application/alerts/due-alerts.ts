import { TenantId } from '@libs/kernel';
import { Alert } from './alert';

export interface AlertKey {
  tenantId: TenantId;
  id: string;
}

/** Alerts whose next window is over, and those that somebody disabled, changed or deleted while they fired. */
export abstract class DueAlerts {
  /** Up to `most` of any tenants, those that have waited longest first; for no transaction. */
  abstract due(most: number): Promise<readonly AlertKey[]>;
  /** Locks it in the open transaction. @returns undefined where somebody else has it, or had it, or it is gone */
  abstract claim(key: AlertKey): Promise<Alert | undefined>;
  /** Keeps what a judgement made of it, in the open transaction. */
  abstract judged(alert: Alert): Promise<void>;
  /** It was deleted, and its incident is over; in the open transaction. */
  abstract remove(key: AlertKey): Promise<void>;
  /** After a failure: the others' turn first; in the open transaction. */
  abstract postpone(key: AlertKey): Promise<void>;
  /** For how many seconds the one that has waited longest has been due; for no transaction. */
  abstract overdueSeconds(): Promise<number>;
}
