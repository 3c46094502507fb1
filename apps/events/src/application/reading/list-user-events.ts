import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { PersonNames } from '../people/person-names';
import { ReadingFilter } from './reading';
import { EventPlace, UserEventReader, UserEventView } from './user-event.reader';

/** The critical events of a tenant, newest first. */
@Injectable()
export class ListUserEvents {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: UserEventReader,
    private readonly names: PersonNames,
  ) {}

  /** @returns one more than `limit` where there are more @throws MalformedUserId, InvalidRange */
  execute(
    tenantId: TenantId,
    { filter, after, limit }: { filter: ReadingFilter; after?: EventPlace; limit: number },
  ): Promise<UserEventView[]> {
    const known = this.names.filter(tenantId, filter);
    return this.transaction.run(() => this.reader.list(tenantId, known, after, limit + 1));
  }
}
