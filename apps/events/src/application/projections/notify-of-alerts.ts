import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { alertNotification, ToldIncident } from '../../domain/alert-notification';
import { AlertNotificationStore } from './alert-notification-store';

/** Tells everybody of a tenant that an alert fired, or that it is over; told again it is told once. */
@Injectable()
export class NotifyOfAlerts {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: AlertNotificationStore,
  ) {}

  async execute(incidents: readonly (ToldIncident & { tenantId: TenantId })[]): Promise<void> {
    if (incidents.length === 0) return;
    const tenantIds = [...new Set(incidents.map(({ tenantId }) => tenantId))];
    const notifications = incidents.map((incident) => ({
      tenantId: incident.tenantId,
      incident,
      notification: alertNotification(incident),
    }));
    await this.transaction.runFor(tenantIds, () => this.store.add(notifications));
  }
}
