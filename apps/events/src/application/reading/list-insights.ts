import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { PersonFilters } from './person-filters';
import { InsightPlace, InsightReader, InsightView } from './insight.reader';

/** What was found in the spending of a tenant's persons, newest week first. */
@Injectable()
export class ListInsights {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: InsightReader,
    private readonly persons: PersonFilters,
  ) {}

  /** @returns one more than `limit` where there are more @throws MalformedUserId, InvalidRange */
  execute(
    tenantId: TenantId,
    query: { filter: Parameters<InsightReader['list']>[1]; after?: InsightPlace; limit: number },
  ): Promise<InsightView[]> {
    const known = this.persons.of(tenantId, query.filter);
    return this.transaction.run(() => this.reader.list(tenantId, known, query.after, query.limit + 1));
  }
}
