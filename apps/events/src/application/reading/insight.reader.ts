import { TenantId } from '@libs/kernel';
import { ReadingFilter } from './reading';

export interface InsightView {
  id: string;
  userId: string;
  insightType: string;
  categoryId: string;
  currency: string;
  /** Its Monday. */
  week: string;
  title: string;
  description: string;
  confidence: number;
  amount: string;
  usualAmount: string;
  weeksKnown: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Just after this one. */
export interface InsightPlace {
  week: string;
  id: string;
}

export abstract class InsightReader {
  /** Newest week first. `from` and `to` are days that the week's Monday lies between. */
  abstract list(
    tenantId: TenantId,
    filter: Omit<ReadingFilter, 'from' | 'to'> & { from?: string; to?: string; minConfidence?: number },
    after: InsightPlace | undefined,
    limit: number,
  ): Promise<InsightView[]>;

  abstract find(tenantId: TenantId, id: string): Promise<InsightView | undefined>;
}
