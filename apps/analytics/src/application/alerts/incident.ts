import { TenantId } from '@libs/kernel';
import { AlertRule } from '../../domain/alert-rule';

export const RESOLUTIONS = ['calm', 'changed', 'disabled', 'deleted'] as const;
/** Why an incident ended: the values were calm again, or somebody changed, disabled or deleted the alert. */
export type Resolution = (typeof RESOLUTIONS)[number];

/** From the window at which an alert fired to that at which it was over; it keeps what the alert was then. */
export interface Incident {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly alertId: string;
  readonly alertRevision: number;
  readonly rule: AlertRule;
  /** The tenant's, when it fired: whose weekday and hour it was about. */
  readonly timeZone: string;
  /** The window at which it fired, the end not included. */
  readonly windowFrom: Date;
  readonly windowTo: Date;
  readonly direction: 'above' | 'below';
  readonly value: number;
  /** The bound that was passed, or the usual value. */
  readonly expected: number;
  /** Of an anomaly: robust deviations from the usual value. */
  readonly score: number | null;
  readonly firedAt: Date;
  readonly resolved?: {
    readonly at: Date;
    readonly why: Resolution;
    /** Of the window at which it was over; null where nobody judged one. */
    readonly value: number | null;
  };
}
