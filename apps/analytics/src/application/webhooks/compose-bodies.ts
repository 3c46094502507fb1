import { Injectable } from '@nestjs/common';
import { DeliveryToTell, WebhookBodies } from '@libs/kernel';
import { ComposeEvents } from './compose-events';
import { EVENTS_RECEIVED, EventSubject } from './tell-of-events';

/** What webhooks of analytics are told. */
@Injectable()
export class ComposeBodies extends WebhookBodies {
  constructor(private readonly events: ComposeEvents) {
    super();
  }

  async of({ tenantId, type, subject }: DeliveryToTell): Promise<object | undefined> {
    if (type !== EVENTS_RECEIVED) return undefined;
    const { appId, keys } = subject as EventSubject;
    return this.events.execute(tenantId, appId, keys);
  }
}
