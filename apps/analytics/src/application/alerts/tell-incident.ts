import { Injectable } from '@nestjs/common';
import { EnqueueDeliveries, Outbox } from '@libs/kernel';
import { Incident, Resolution } from './incident';
import { ALERT_FIRED, ALERT_RESOLVED, incidentFact } from './incident-facts';
import { IncidentStore } from './incident.store';

/** Begins and ends incidents: the row, the fact and the webhooks commit together. */
@Injectable()
export class TellIncident {
  constructor(
    private readonly incidents: IncidentStore,
    private readonly outbox: Outbox,
    private readonly webhooks: EnqueueDeliveries,
  ) {}

  /** In the open transaction. */
  async fired(incident: Incident): Promise<void> {
    await this.incidents.open(incident);
    await this.tell(incident);
  }

  /** In the open transaction. One that is over stays as it is. */
  async resolved(
    key: Pick<Incident, 'tenantId' | 'id'>,
    resolved: { at: Date; why: Resolution; value: number | null },
  ): Promise<void> {
    const incident = await this.incidents.resolve(key, resolved);
    if (incident) await this.tell(incident);
  }

  private async tell(incident: Incident): Promise<void> {
    const { tenantId, id, rule, resolved } = incident;
    const type = resolved ? ALERT_RESOLVED : ALERT_FIRED;
    await this.outbox.add([incidentFact(incident)]);
    await this.webhooks.add([
      { tenantId, type, appId: rule.appId, subject: { incidentId: id }, subjectKey: `${type}:${id}` },
    ]);
  }
}
