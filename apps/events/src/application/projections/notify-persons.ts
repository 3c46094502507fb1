import { Injectable } from '@nestjs/common';
import { isNotified, notificationOf } from '../../domain/notification';
import { LoggedEvent } from '../../domain/tracked-event';
import { EventProjection } from '../event-projection';
import { NewNotification, NotificationStore } from './notification-store';

/** Tells persons what happened to them; an event without a user tells nobody. */
@Injectable()
export class NotifyPersons extends EventProjection {
  constructor(private readonly store: NotificationStore) {
    super();
  }

  wants(eventType: string): boolean {
    return isNotified(eventType);
  }

  async apply(events: readonly LoggedEvent[]): Promise<void> {
    const notifications = events.flatMap((event): NewNotification[] => {
      const { userId } = event;
      const notification = userId === undefined ? undefined : notificationOf(event);
      return notification && userId !== undefined ? [{ event: { ...event, userId }, notification }] : [];
    });
    if (notifications.length > 0) await this.store.add(notifications);
  }
}
