import { TenantId } from '@libs/kernel';
import { Notification } from '../../domain/notification';
import { Place, ReadingFilter } from './reading';

export interface NotificationView extends Notification {
  id: string;
  /** null: everybody of the tenant. */
  userId: string | null;
  /** The event that it was made of; null for what an alert says. */
  eventId: string | null;
  /** The incident of an alert that it is about. */
  incidentId: string | null;
  /** The webhook that it is about. */
  webhookId: string | null;
  occurredAt: Date;
  readAt: Date | null;
}

/** Reading notifications, and marking them read; what makes them is the sinks'. */
export abstract class NotificationRepository {
  /** Newest first by (occurredAt, id). */
  abstract list(
    tenantId: TenantId,
    filter: ReadingFilter & { read?: boolean },
    after: Place | undefined,
    limit: number,
  ): Promise<NotificationView[]>;

  abstract find(tenantId: TenantId, id: string): Promise<NotificationView | undefined>;

  /** Read at that time, or unread; one that is read already stays read since it was. @returns undefined where there is none */
  abstract mark(tenantId: TenantId, id: string, readAt: Date | null): Promise<NotificationView | undefined>;
}
