import { Injectable } from '@nestjs/common';
import { ReleaseId, TenantId, TenantTransaction } from '@libs/kernel';
import { InvalidRange } from '../domain/release.errors';
import { ListFilter, ListPosition, PostedView, ReleaseReader } from './release-reader';

export interface ReleasePage {
  items: PostedView[];
  /** Where the next page starts; none on the last page. */
  next?: ListPosition;
}

/** Lists the posted releases of a tenant, newest first. */
@Injectable()
export class ListReleases {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: ReleaseReader,
  ) {}

  /** @throws InvalidRange when `from` is later than `to` */
  async execute(
    tenantId: TenantId,
    query: ListFilter & { after?: ListPosition; limit: number },
  ): Promise<ReleasePage> {
    const { after, limit, ...filter } = query;
    if (isBackwards(filter)) throw new InvalidRange();
    // one more than asked tells whether there is a next page
    const rows = await this.transaction.run(() => this.reader.list(tenantId, filter, after, limit + 1));
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    if (rows.length <= limit || !last) return { items };
    return { items, next: { occurredAt: last.occurredAt, id: last.id as ReleaseId } };
  }
}

function isBackwards({ from, to }: ListFilter): boolean {
  if (!from || !to) return false;
  if ('instant' in from && 'instant' in to) return from.instant > to.instant;
  // a day beside an instant depends on the zone: the query then finds nothing, which is right
  return 'day' in from && 'day' in to && from.day > to.day;
}
