import { BusinessDate, DomainError, isUuid, Money, ReleaseId, TenantId } from '@libs/kernel';
import { ImpossibleEntry } from './consolidation.errors';

/** What a message says about a release, before anyone believed it. */
export interface ClaimedEntry {
  tenantId: unknown;
  releaseId: unknown;
  occurredAt: unknown;
  businessDate: unknown;
  amount: unknown;
}

const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** One release as the consolidation keeps it. Its pair (tenant, release) is also what makes a repeat harmless. */
export class Entry {
  private constructor(
    readonly tenantId: TenantId,
    readonly releaseId: ReleaseId,
    readonly occurredAt: Date,
    readonly businessDate: BusinessDate,
    readonly amount: Money,
  ) {}

  /**
   * The business date must lie within a day of the instant's UTC date, as it does in every time zone there is:
   * the balance at an instant counts on it.
   * @throws ImpossibleEntry naming the offending field
   */
  static of(claim: ClaimedEntry): Entry {
    const { tenantId, releaseId, occurredAt, businessDate, amount } = claim;
    if (!isUuid(tenantId)) throw new ImpossibleEntry('tenantId is not a UUID');
    if (!isUuid(releaseId)) throw new ImpossibleEntry('releaseId is not a UUID');
    const instant = readInstant(occurredAt);
    const date = readDate(businessDate);
    if (Math.abs(BusinessDate.parse(instant.toISOString().slice(0, 10)).daysUntil(date)) > 1)
      throw new ImpossibleEntry('businessDate is on no clock at occurredAt');
    return new Entry(tenantId as TenantId, releaseId as ReleaseId, instant, date, readAmount(amount));
  }
}

function readInstant(value: unknown): Date {
  const instant = new Date(typeof value === 'string' && INSTANT.test(value) ? value : NaN);
  // 30 February parses, as 2 March
  if (Number.isNaN(instant.getTime()) || instant.toISOString() !== value)
    throw new ImpossibleEntry('occurredAt is not an instant');
  return instant;
}

function readDate(value: unknown): BusinessDate {
  try {
    return BusinessDate.parse(typeof value === 'string' ? value : '');
  } catch (error) {
    throw asImpossible('businessDate', error);
  }
}

function readAmount(value: unknown): Money {
  let amount: Money;
  try {
    amount = Money.parse(typeof value === 'string' ? value : '');
  } catch (error) {
    throw asImpossible('amount', error);
  }
  if (amount.isZero()) throw new ImpossibleEntry('amount is zero');
  return amount;
}

function asImpossible(field: string, error: unknown): unknown {
  return error instanceof DomainError ? new ImpossibleEntry(`${field}: ${error.message}`) : error;
}
