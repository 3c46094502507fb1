import { Injectable } from '@nestjs/common';
import { BusinessDate, DomainError, TenantId, TenantTransaction } from '@libs/kernel';
import { HISTORY_WEEKS, spendingPattern, spendingTexts, WeeklyAmounts } from '../../domain/spending-pattern';
import { InsightsOfWeeks, InsightStore, SpendingChange, SpendingInsight } from './insight-store';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000' as TenantId;
/** Tenants take turns: one that changes a lot must not keep the others waiting. */
const TENANTS_AT_ONCE = 100;
/** Many are of the same spending, and are then looked at once. */
const CHANGES_AT_ONCE = 500;

export interface TenantFailure {
  tenantId: TenantId;
  error: unknown;
}

/** Some tenants' insights could not be looked for; the others' were. */
export class InsightsFailed extends Error {
  constructor(
    readonly looked: number,
    readonly failures: readonly TenantFailure[],
  ) {
    super(`insights of ${failures.length} tenants cannot be looked for`, { cause: failures[0]?.error });
  }
}

/**
 * Looks anew at every spending that changed: an event that comes late changes its own week and what is usual for the 26
 * after it. What it finds depends on the transactions alone, so it may be done again, or by several at once.
 */
@Injectable()
export class FindInsights {
  private after = BEFORE_ALL;

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: InsightStore,
  ) {}

  /**
   * One turn for some of the tenants that have something to look at. One that fails holds up nobody behind it.
   * @returns how many changes were looked at @throws InsightsFailed once all had their turn, when some failed
   */
  async execute(): Promise<number> {
    const tenantIds = await this.store.dueTenants(this.after, TENANTS_AT_ONCE);
    const wraps = tenantIds.length < TENANTS_AT_ONCE && this.after !== BEFORE_ALL;
    const first = wraps ? await this.store.dueTenants(BEFORE_ALL, TENANTS_AT_ONCE - tenantIds.length) : [];
    let looked = 0;
    const failures: TenantFailure[] = [];
    for (const tenantId of new Set([...tenantIds, ...first])) {
      try {
        looked += await this.lookAt(tenantId);
      } catch (error) {
        // everybody would wait for the database in vain; the next turn begins behind this one all the same
        if (error instanceof DomainError && error.kind === 'unavailable') throw error;
        failures.push({ tenantId, error });
      } finally {
        this.after = tenantId;
      }
    }
    if (failures.length > 0) throw new InsightsFailed(looked, failures);
    return looked;
  }

  private lookAt(tenantId: TenantId): Promise<number> {
    return this.transaction.runFor([tenantId], async () => {
      const taken = await this.store.takeChanges(tenantId, CHANGES_AT_ONCE);
      const changes = stretches(taken);
      if (changes.length === 0) return 0;
      const amounts = await this.store.weeklyAmounts(changes);
      await this.store.replace(changes.map((change, at) => insightsOf(change, amounts[at] ?? [])));
      return taken.length;
    });
  }
}

/**
 * Several marks of one spending are looked at once, in stretches that share no week: each covers its own week and the
 * HISTORY_WEEKS after it, and together they cover that of every mark. The last mark knows what the category is called now.
 */
function stretches(taken: readonly SpendingChange[]): SpendingChange[] {
  const bySpending = new Map<string, SpendingChange[]>();
  for (const change of taken) {
    const key = JSON.stringify([change.userId, change.categoryId, change.currency]);
    const marks = bySpending.get(key);
    if (marks) marks.push(change);
    else bySpending.set(key, [change]);
  }
  return [...bySpending.values()].flatMap(stretchesOf);
}

function stretchesOf(marks: readonly SpendingChange[]): SpendingChange[] {
  const [first] = marks;
  const named = marks.at(-1) ?? first;
  if (!first || !named) return [];
  const weeks = marks.map(({ sinceWeek }) => sinceWeek).sort((one, other) => other.daysUntil(one));
  const found: SpendingChange[] = [];
  let next: BusinessDate | undefined;
  for (const week of weeks) {
    const end = week.plusDays(7 * HISTORY_WEEKS);
    let start: BusinessDate = next?.isAfter(week) ? next : week;
    for (; !start.isAfter(end); start = next) {
      found.push({ ...named, sinceWeek: start });
      next = start.plusDays(7 * (HISTORY_WEEKS + 1));
    }
  }
  return found;
}

function insightsOf(change: SpendingChange, amounts: WeeklyAmounts): InsightsOfWeeks {
  const { tenantId, userId, categoryId, currency, category, sinceWeek } = change;
  const insights: SpendingInsight[] = [];
  for (let ahead = 0; ahead <= HISTORY_WEEKS; ahead++) {
    const pattern = spendingPattern(amounts, HISTORY_WEEKS + ahead);
    if (!pattern) continue;
    const week = sinceWeek.plusDays(7 * ahead);
    insights.push({ ...pattern, week, ...spendingTexts(pattern, week, category, currency) });
  }
  const to = sinceWeek.plusDays(7 * HISTORY_WEEKS);
  return { tenantId, userId, categoryId, currency, from: sinceWeek, to, insights };
}
