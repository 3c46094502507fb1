import { BusinessDate, TenantId } from '@libs/kernel';
import { SpendingPattern, WeeklyAmounts } from '../../domain/spending-pattern';

/** Whose spending on what. */
export interface Spending {
  tenantId: TenantId;
  userId: string;
  categoryId: string;
  currency: string;
}

/** That a spending has changed from a week on, so that its insights must be looked at again. */
export interface SpendingChange extends Spending {
  /** As the client calls the category. */
  category: string;
  sinceWeek: BusinessDate;
}

export interface SpendingInsight extends SpendingPattern {
  /** Its Monday. */
  week: BusinessDate;
  title: string;
  description: string;
}

/** What of the insights of a spending is to be there between two weeks, both included: these and no others. */
export interface InsightsOfWeeks extends Spending {
  from: BusinessDate;
  to: BusinessDate;
  insights: readonly SpendingInsight[];
}

/** The marks of changed spendings and the table `ai_insights`; all in the open transaction but dueTenants. */
export abstract class InsightStore {
  /** Marks them. One statement. */
  abstract markChanged(changes: readonly SpendingChange[]): Promise<void>;

  /** Tenants with marks, in the order of their ids, after one. Outside a transaction. */
  abstract dueTenants(after: TenantId, most: number): Promise<TenantId[]>;

  /**
   * Takes marks of the tenant's that nobody else is at, and holds their persons until the transaction ends: whoever else
   * would write a person's insights, or erase the person, waits.
   */
  abstract takeChanges(tenantId: TenantId, most: number): Promise<SpendingChange[]>;

  /** What was spent by week; of each spending the HISTORY_WEEKS before its week, that week, and as many after it. */
  abstract weeklyAmounts(changes: readonly SpendingChange[]): Promise<WeeklyAmounts[]>;

  abstract replace(weeks: readonly InsightsOfWeeks[]): Promise<void>;
}
