import { TenantId } from '@libs/kernel';
import { Counted } from '../../domain/alert-rule';

/** What was counted in windows of an application's events; times in milliseconds, on quarters of an hour. */
export abstract class AlertCounts {
  /** When the application's first quarter with events begins; undefined without any. */
  abstract firstEvent(tenantId: TenantId, appId: string): Promise<number | undefined>;

  /** Of the windows of `windowMinutes` that end at these times, in their order. */
  abstract of(
    tenantId: TenantId,
    counted: Counted,
    windowMinutes: number,
    ends: readonly number[],
  ): Promise<number[]>;

  /**
   * Of every window of `windowMinutes` that ends on a quarter from `from` to `to`, in their order, both included.
   * @throws PreviewTooHeavy
   */
  abstract sliding(
    tenantId: TenantId,
    counted: Counted,
    windowMinutes: number,
    from: number,
    to: number,
  ): Promise<number[]>;
}
