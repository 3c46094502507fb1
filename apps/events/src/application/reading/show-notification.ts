import { Injectable } from '@nestjs/common';
import { isUuid, TenantId, TenantTransaction } from '@libs/kernel';
import { NotificationNotFound } from '../../domain/reading.errors';
import { NotificationRepository, NotificationView } from './notification.repository';

@Injectable()
export class ShowNotification {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly notifications: NotificationRepository,
  ) {}

  /** @throws NotificationNotFound, also for another tenant's */
  async execute(tenantId: TenantId, id: string): Promise<NotificationView> {
    if (!isUuid(id)) throw new NotificationNotFound();
    const found = await this.transaction.run(() => this.notifications.find(tenantId, id));
    if (!found) throw new NotificationNotFound();
    return found;
  }
}
