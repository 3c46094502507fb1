import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { InvalidRange, RangeTooWide } from '../../domain/reading.errors';
import { PersonFilters } from './person-filters';
import { ReadingFilter } from './reading';
import {
  EventPlace,
  PropertyFilter,
  UserEventFilter,
  UserEventReader,
  UserEventView,
} from './user-event.reader';

const DAY_MS = 86_400_000;
/** How far back a property is looked for unless `from` says it. */
const PROPERTY_DAYS = 31;
/** What one query may go through: every month of it is an index of its own. */
const MOST_PROPERTY_DAYS = 366;

/** The critical events of a tenant, newest first. */
@Injectable()
export class ListUserEvents {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: UserEventReader,
    private readonly persons: PersonFilters,
    private readonly clock: Clock,
  ) {}

  /** @returns one more than `limit` where there are more @throws MalformedUserId, InvalidRange, RangeTooWide */
  execute(
    tenantId: TenantId,
    {
      filter,
      properties = [],
      after,
      limit,
    }: { filter: ReadingFilter; properties?: readonly PropertyFilter[]; after?: EventPlace; limit: number },
  ): Promise<UserEventView[]> {
    const known: UserEventFilter = this.persons.of(tenantId, filter);
    if (properties.length > 0) known.properties = { all: properties, ...this.within(filter) };
    return this.transaction.run(() => this.reader.list(tenantId, known, after, limit + 1));
  }

  private within({ from, to = this.clock.now() }: ReadingFilter): { from: Date; to: Date } {
    const since = from ?? new Date(to.getTime() - PROPERTY_DAYS * DAY_MS);
    if (since > to) throw new InvalidRange();
    if (to.getTime() - since.getTime() > MOST_PROPERTY_DAYS * DAY_MS)
      throw new RangeTooWide(MOST_PROPERTY_DAYS);
    return { from: since, to };
  }
}
