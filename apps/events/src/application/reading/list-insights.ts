import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { PersonNames } from '../people/person-names';
import { InsightPlace, InsightReader, InsightView } from './insight.reader';

/** What was found in the spending of a tenant's persons, newest week first. */
@Injectable()
export class ListInsights {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: InsightReader,
    private readonly names: PersonNames,
  ) {}

  /** @returns one more than `limit` where there are more @throws MalformedUserId, InvalidRange */
  execute(
    tenantId: TenantId,
    query: { filter: Parameters<InsightReader['list']>[1]; after?: InsightPlace; limit: number },
  ): Promise<InsightView[]> {
    const known = this.names.filter(tenantId, query.filter);
    return this.transaction.run(() => this.reader.list(tenantId, known, query.after, query.limit + 1));
  }
}
