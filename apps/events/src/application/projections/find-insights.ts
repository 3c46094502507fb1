import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { HISTORY_WEEKS, spendingPattern, spendingTexts, WeeklyAmounts } from '../../domain/spending-pattern';
import { InsightsOfWeeks, InsightStore, SpendingChange, SpendingInsight } from './insight-store';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000' as TenantId;
/** Tenants take turns: one that changes a lot must not keep the others waiting. */
const TENANTS_AT_ONCE = 100;
/** Many are of the same spending, and are then looked at once. */
const CHANGES_AT_ONCE = 500;

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

  /** One turn for some of the tenants that have something to look at. @returns how many changes were looked at */
  async execute(): Promise<number> {
    const tenantIds = await this.store.dueTenants(this.after, TENANTS_AT_ONCE);
    const wraps = tenantIds.length < TENANTS_AT_ONCE && this.after !== BEFORE_ALL;
    const first = wraps ? await this.store.dueTenants(BEFORE_ALL, TENANTS_AT_ONCE - tenantIds.length) : [];
    let looked = 0;
    for (const tenantId of new Set([...tenantIds, ...first])) {
      looked += await this.lookAt(tenantId);
      this.after = tenantId;
    }
    return looked;
  }

  private lookAt(tenantId: TenantId): Promise<number> {
    return this.transaction.runFor([tenantId], async () => {
      const taken = await this.store.takeChanges(tenantId, CHANGES_AT_ONCE);
      const changes = widest(taken);
      if (changes.length === 0) return 0;
      const amounts = await this.store.weeklyAmounts(changes);
      await this.store.replace(changes.map((change, at) => insightsOf(change, amounts[at] ?? [])));
      return taken.length;
    });
  }
}

/** Several marks of one spending are looked at once, from the earliest week; the last one knows what it is called now. */
function widest(taken: readonly SpendingChange[]): SpendingChange[] {
  const bySpending = new Map<string, SpendingChange>();
  for (const change of taken) {
    const key = JSON.stringify([change.userId, change.categoryId, change.currency]);
    const known = bySpending.get(key);
    const sinceWeek = known && change.sinceWeek.isAfter(known.sinceWeek) ? known.sinceWeek : change.sinceWeek;
    bySpending.set(key, { ...change, sinceWeek });
  }
  return [...bySpending.values()];
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
