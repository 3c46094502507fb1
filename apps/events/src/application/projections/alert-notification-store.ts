import { TenantId } from '@libs/kernel';
import { ToldIncident } from '../../domain/alert-notification';
import { Notification } from '../../domain/notification';

/** A notification for everybody of a tenant, and the incident that it is about. */
export interface AlertNotification {
  tenantId: TenantId;
  incident: Pick<ToldIncident, 'incidentId' | 'state' | 'happenedAt'>;
  notification: Notification;
}

/** Notifications of alerts in the table `notifications`, in the open transaction. */
export abstract class AlertNotificationStore {
  /** Keeps those whose incident made none of its state yet. One statement. */
  abstract add(notifications: readonly AlertNotification[]): Promise<void>;
}
