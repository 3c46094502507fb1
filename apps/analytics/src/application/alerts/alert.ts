import { TenantId, UserId } from '@libs/kernel';
import { Episode } from '../../domain/alert-episode';
import { AlertRule } from '../../domain/alert-rule';

/** What was said of the last window that was judged. */
export interface LastJudgement {
  /** Where the window ended. */
  readonly end: Date;
  readonly value: number;
  readonly expected: number | null;
  readonly score: number | null;
}

/** An alert of a tenant's, and where it stands. */
export interface Alert {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly rule: AlertRule;
  readonly enabled: boolean;
  /** Another one after each change of what it watches: what was judged before is about another rule. */
  readonly revision: number;
  readonly episode: Episode;
  readonly last?: LastJudgement;
  /** Of an incident that is not over; with another state than `firing`, one that the worker has still to end. */
  readonly incidentId?: string;
  /** Nobody sees it any more; it goes once its incident is over. */
  readonly deleted: boolean;
  /** When the next window may be judged. */
  readonly dueAt: Date;
  readonly createdBy: UserId;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
