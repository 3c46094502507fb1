import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { PersonFilters } from './person-filters';
import { NotificationRepository, NotificationView } from './notification.repository';
import { Place, ReadingFilter } from './reading';

/** What a tenant's persons were told, newest first. */
@Injectable()
export class ListNotifications {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly notifications: NotificationRepository,
    private readonly persons: PersonFilters,
  ) {}

  /** @returns one more than `limit` where there are more @throws MalformedUserId, InvalidRange */
  execute(
    tenantId: TenantId,
    query: { filter: ReadingFilter & { read?: boolean }; after?: Place; limit: number },
  ): Promise<NotificationView[]> {
    const known = this.persons.of(tenantId, query.filter);
    return this.transaction.run(() => this.notifications.list(tenantId, known, query.after, query.limit + 1));
  }
}
