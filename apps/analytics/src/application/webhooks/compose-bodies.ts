import { Injectable } from '@nestjs/common';
import { DeliveryToTell, TenantId, WebhookBodies } from '@libs/kernel';
import { ALERT_FIRED, ALERT_RESOLVED, firedTold, resolvedTold } from '../alerts/incident-facts';
import { IncidentStore } from '../alerts/incident.store';
import { ComposeEvents } from './compose-events';
import { EVENTS_RECEIVED, EventSubject } from './tell-of-events';

/** What webhooks of analytics are told: of an alert what it was, of events what is left of them. */
@Injectable()
export class ComposeBodies extends WebhookBodies {
  constructor(
    private readonly events: ComposeEvents,
    private readonly incidents: IncidentStore,
  ) {
    super();
  }

  async of({ tenantId, type, subject }: DeliveryToTell): Promise<object | undefined> {
    switch (type) {
      case EVENTS_RECEIVED: {
        const { appId, keys } = subject as EventSubject;
        return this.events.execute(tenantId, appId, keys);
      }
      case ALERT_FIRED:
      case ALERT_RESOLVED:
        return this.incident(tenantId, type, (subject as { incidentId: string }).incidentId);
      default:
        throw new Error(`nobody knows what ${type} is about`);
    }
  }

  private async incident(tenantId: TenantId, type: string, id: string): Promise<object | undefined> {
    const incident = await this.incidents.find(tenantId, id);
    return incident && (type === ALERT_FIRED ? firedTold(incident) : resolvedTold(incident));
  }
}
