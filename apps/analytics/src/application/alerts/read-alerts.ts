import { Injectable } from '@nestjs/common';
import { isUuid, TenantId, TenantTransaction } from '@libs/kernel';
import { AlertNotFound } from '../../domain/alert.errors';
import { Alert } from './alert';
import { AlertRepository } from './alert.repository';
import { Incident } from './incident';
import { IncidentPlace, IncidentStore } from './incident.store';

/** Alerts and their incidents, for reading. */
@Injectable()
export class ReadAlerts {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly alerts: AlertRepository,
    private readonly incidents: IncidentStore,
  ) {}

  /** Oldest first. @returns one more than `limit` where there are more */
  list(tenantId: TenantId, page: { appId?: string; after?: string; limit: number }): Promise<Alert[]> {
    return this.transaction.run(() => this.alerts.list(tenantId, { ...page, limit: page.limit + 1 }));
  }

  /** @throws AlertNotFound */
  one(tenantId: TenantId, id: string): Promise<Alert> {
    return this.transaction.run(() => this.known(tenantId, id));
  }

  /** Newest first. @returns one more than `limit` where there are more @throws AlertNotFound */
  incidentsOf(
    tenantId: TenantId,
    id: string,
    page: { after?: IncidentPlace; limit: number },
  ): Promise<Incident[]> {
    return this.transaction.run(async () => {
      await this.known(tenantId, id);
      return this.incidents.list(tenantId, id, { ...page, limit: page.limit + 1 });
    });
  }

  private async known(tenantId: TenantId, id: string): Promise<Alert> {
    const alert = isUuid(id) ? await this.alerts.find(tenantId, id) : undefined;
    if (!alert) throw new AlertNotFound();
    return alert;
  }
}
