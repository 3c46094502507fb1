import { BusinessDate, ReleaseId, TenantId } from '@libs/kernel';
import { Balance } from '../domain/balance';
import { ConsolidatedDay, DayMovement } from '../domain/consolidated-day';

/** Reads inside a TenantTransaction; each method is one statement and so one snapshot. */
export abstract class ConsolidationReader {
  abstract day(tenantId: TenantId, date: BusinessDate): Promise<ConsolidatedDay>;

  /** The balance before `from`, and the days from `from` to `to` that moved. */
  abstract movements(
    tenantId: TenantId,
    from: BusinessDate,
    to: BusinessDate,
  ): Promise<{ openingBalance: Balance; movements: Map<string, DayMovement> }>;

  /** The sum of all releases that occurred at or before `instant`, whichever day they were booked on. */
  abstract balanceAt(tenantId: TenantId, instant: Date): Promise<Balance>;

  abstract hasEntry(tenantId: TenantId, releaseId: ReleaseId): Promise<boolean>;
}
