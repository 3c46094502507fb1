import { Injectable } from '@nestjs/common';
import { Clock, isUuid, TenantId, TenantTransaction } from '@libs/kernel';
import { NotificationNotFound } from '../../domain/reading.errors';
import { NotificationRepository, NotificationView } from './notification.repository';

/** A person saw what they were told, or wants it as new again. */
@Injectable()
export class MarkNotification {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly notifications: NotificationRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws NotificationNotFound, also for another tenant's */
  async execute(input: { tenantId: TenantId; id: string; read: boolean }): Promise<NotificationView> {
    const { tenantId, id, read } = input;
    if (!isUuid(id)) throw new NotificationNotFound();
    const readAt = read ? this.clock.now() : null;
    const marked = await this.transaction.run(() => this.notifications.mark(tenantId, id, readAt));
    if (!marked) throw new NotificationNotFound();
    return marked;
  }
}
