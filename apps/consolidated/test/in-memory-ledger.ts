import { BusinessDate, ReleaseId, TenantId } from '@libs/kernel';
import { ConsolidationReader } from '../src/application/consolidation.reader';
import { Balance } from '../src/domain/balance';
import { ConsolidatedDay, DayMovement } from '../src/domain/consolidated-day';
import { Entry } from '../src/domain/entry';
import { EntryLedger, RollupDifference } from '../src/domain/entry.ledger';

/** Entries in a map; days are summed from them afresh each time, so they cannot be wrong. */
export class InMemoryLedger extends EntryLedger {
  readonly entries = new Map<string, Entry>();
  recordings = 0;

  async record(entries: readonly Entry[]): Promise<void> {
    this.recordings++;
    for (const entry of entries) {
      const key = `${entry.tenantId} ${entry.releaseId}`;
      if (!this.entries.has(key)) this.entries.set(key, entry);
    }
  }

  async lock(): Promise<void> {}

  async differences(): Promise<RollupDifference[]> {
    return [];
  }

  async correct(): Promise<void> {}

  of(tenantId: TenantId): Entry[] {
    return [...this.entries.values()].filter((entry) => entry.tenantId === tenantId);
  }
}

export class InMemoryConsolidationReader extends ConsolidationReader {
  /** Called before each read: a test's chance to slip something in between. */
  beforeRead: () => Promise<void> | void = () => undefined;
  afterRead: () => Promise<void> | void = () => undefined;

  constructor(private readonly ledger: InMemoryLedger) {
    super();
  }

  async day(tenantId: TenantId, date: BusinessDate): Promise<ConsolidatedDay> {
    await this.beforeRead();
    const { openingBalance, movements } = this.sums(tenantId, date, date);
    const day = new ConsolidatedDay(date, openingBalance, movements.get(date.toString()));
    await this.afterRead();
    return day;
  }

  async movements(tenantId: TenantId, from: BusinessDate, to: BusinessDate) {
    return this.sums(tenantId, from, to);
  }

  async balanceAt(tenantId: TenantId, instant: Date): Promise<Balance> {
    return this.ledger
      .of(tenantId)
      .filter((entry) => entry.occurredAt <= instant)
      .reduce((sum, entry) => sum.plus(entry.amount), Balance.ZERO);
  }

  async hasEntry(tenantId: TenantId, releaseId: ReleaseId): Promise<boolean> {
    return this.ledger.entries.has(`${tenantId} ${releaseId}`);
  }

  private sums(tenantId: TenantId, from: BusinessDate, to: BusinessDate) {
    const movements = new Map<string, DayMovement>();
    let openingBalance = Balance.ZERO;
    for (const entry of this.ledger.of(tenantId)) {
      if (entry.businessDate.isAfter(to)) continue;
      if (from.isAfter(entry.businessDate)) {
        openingBalance = openingBalance.plus(entry.amount);
        continue;
      }
      const date = entry.businessDate.toString();
      const day = movements.get(date) ?? { credits: Balance.ZERO, debits: Balance.ZERO, count: 0 };
      movements.set(date, {
        credits: entry.amount.isNegative() ? day.credits : day.credits.plus(entry.amount),
        debits: entry.amount.isNegative() ? day.debits.minus(entry.amount) : day.debits,
        count: day.count + 1,
      });
    }
    return { openingBalance, movements };
  }
}
