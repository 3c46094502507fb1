import { Notification } from '../../domain/notification';
import { LoggedEvent } from '../../domain/tracked-event';

/** A notification and the event that it was made of, which names a user. */
export interface NewNotification {
  event: LoggedEvent & { userId: string };
  notification: Notification;
}

/** The table `notifications`, in the open transaction. */
export abstract class NotificationStore {
  /** Keeps those whose event made none yet. One statement. */
  abstract add(notifications: readonly NewNotification[]): Promise<void>;
}
