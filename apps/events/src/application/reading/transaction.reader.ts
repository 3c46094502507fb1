import { TenantId } from '@libs/kernel';
import { EventPlace } from './user-event.reader';
import { ReadingFilter } from './reading';

export interface TransactionView {
  /** The event that told of it. */
  eventId: string;
  timestamp: Date;
  userId: string | null;
  type: 'expense' | 'income';
  /** Decimal, two places. */
  amount: string;
  currency: string;
  description: string;
  categoryId: string;
  occurredAt: Date;
}

export abstract class TransactionReader {
  /** Newest first by (occurredAt, event id, timestamp). */
  abstract list(
    tenantId: TenantId,
    filter: ReadingFilter & { categoryId?: string },
    after: EventPlace | undefined,
    limit: number,
  ): Promise<TransactionView[]>;
}
