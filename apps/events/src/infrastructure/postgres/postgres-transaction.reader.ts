import { Injectable } from '@nestjs/common';
import { Conditions, SqlSession } from '@libs/database';
import { Money, TenantId } from '@libs/kernel';
import { ReadingFilter } from '../../application/reading/reading';
import { TransactionReader, TransactionView } from '../../application/reading/transaction.reader';
import { EventPlace } from '../../application/reading/user-event.reader';
import { AFTER_EVENT, NEWEST_EVENT } from './postgres-user-event.reader';

interface TransactionRow {
  event_id: string;
  timestamp: Date;
  user_id: string | null;
  type: TransactionView['type'];
  amount: string;
  currency: string;
  description: string;
  category_id: string;
  occurred_at: Date;
}

/** Every query names its tenant; row-level security would hold without it. */
@Injectable()
export class PostgresTransactionReader extends TransactionReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async list(
    tenantId: TenantId,
    { userId, type, categoryId, from, to }: ReadingFilter & { categoryId?: string },
    after: EventPlace | undefined,
    limit: number,
  ): Promise<TransactionView[]> {
    const conditions = new Conditions()
      .where((tenant) => `tenant_id = ${tenant}`, tenantId)
      .where((user) => `user_id = ${user}`, userId)
      .where((of) => `type = ${of}`, type)
      .where((category) => `category_id = ${category}`, categoryId)
      .where((first) => `occurred_at >= ${first}::timestamptz`, from)
      .where((last) => `occurred_at <= ${last}::timestamptz`, to)
      .where(AFTER_EVENT, after?.occurredAt, after?.id, after?.timestamp);
    const most = conditions.place(limit);
    const rows = await this.sql.query<TransactionRow>(
      `select event_id, "timestamp", user_id, type, amount, currency, description, category_id, occurred_at
       from events.transactions where ${conditions.sql} order by ${NEWEST_EVENT} limit ${most}`,
      conditions.params,
    );
    return rows.map(viewOf);
  }
}

function viewOf(row: TransactionRow): TransactionView {
  return {
    eventId: row.event_id,
    timestamp: row.timestamp,
    userId: row.user_id,
    type: row.type,
    amount: Money.fromCents(row.amount).toString(),
    currency: row.currency,
    description: row.description,
    categoryId: row.category_id,
    occurredAt: row.occurred_at,
  };
}
