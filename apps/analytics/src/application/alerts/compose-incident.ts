import { Injectable } from '@nestjs/common';
import { DeliveryToTell, isUuid } from '@libs/kernel';
import { ALERT_FIRED, firedTold, resolvedTold } from './incident-facts';
import { IncidentStore } from './incident.store';

/** What `alert.fired` and `alert.resolved` tell webhooks. */
@Injectable()
export class ComposeIncident {
  constructor(private readonly incidents: IncidentStore) {}

  /** In the open transaction. @returns undefined where the incident is kept no longer */
  async of({
    tenantId,
    type,
    subject,
  }: Pick<DeliveryToTell, 'tenantId' | 'type' | 'subject'>): Promise<object | undefined> {
    const id = (subject as { incidentId?: unknown } | null)?.incidentId;
    const incident = isUuid(id) ? await this.incidents.find(tenantId, id) : undefined;
    return incident && (type === ALERT_FIRED ? firedTold(incident) : resolvedTold(incident));
  }
}
