import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { PersonFilters } from './person-filters';
import { ReadingFilter } from './reading';
import { TransactionReader, TransactionView } from './transaction.reader';
import { EventPlace } from './user-event.reader';

/** The transactions that a tenant's events told of, newest first. */
@Injectable()
export class ListTransactions {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: TransactionReader,
    private readonly persons: PersonFilters,
  ) {}

  /** @returns one more than `limit` where there are more @throws MalformedUserId, InvalidRange */
  execute(
    tenantId: TenantId,
    query: { filter: ReadingFilter & { categoryId?: string }; after?: EventPlace; limit: number },
  ): Promise<TransactionView[]> {
    const known = this.persons.of(tenantId, query.filter);
    return this.transaction.run(() => this.reader.list(tenantId, known, query.after, query.limit + 1));
  }
}
