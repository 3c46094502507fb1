import { Injectable } from '@nestjs/common';
import { EnqueueDeliveries, NewDelivery, WebhookSubscriptions } from '@libs/kernel';
import { EventParcel, eventParcels } from '../../domain/event-parcels';
import { RawEvent } from '../raw-event.store';

/** What a delivery of events is about: named, and looked up when it is sent. */
export type EventSubject = Pick<EventParcel, 'appId' | 'keys'>;

/** The type of such a delivery; the events in it are of any types that the webhook wants. */
export const EVENTS_RECEIVED = 'events.received';

/** What the envelope of an event weighs beside its properties. */
const ENVELOPE = 1_000;

/** Has webhooks told of new events, in the transaction that stores them: none is told twice, and none of what is not there. */
@Injectable()
export class TellOfEvents {
  constructor(
    private readonly subscriptions: WebhookSubscriptions,
    private readonly deliveries: EnqueueDeliveries,
  ) {}

  async tell(fresh: readonly RawEvent[]): Promise<void> {
    const parcels = eventParcels(
      fresh.map(({ event }) => event),
      (tenantId) => this.subscriptions.of(tenantId),
      ({ properties }) => ENVELOPE + JSON.stringify(properties).length,
    );
    if (parcels.length > 0) await this.deliveries.add(parcels.map(deliveryOf));
  }
}

function deliveryOf({ tenantId, webhookId, appId, keys }: EventParcel): NewDelivery {
  const subject: EventSubject = { appId, keys };
  return { tenantId, webhookId, type: EVENTS_RECEIVED, appId, subject, subjectKey: keyOf(keys) };
}

/** An event is new once, so the first one says which parcel it is; with it goes what the parcel's end is. */
function keyOf(keys: EventParcel['keys']): string {
  return `${keys[0]?.join('@') ?? ''}+${keys.length}:${keys.at(-1)?.join('@') ?? ''}`;
}
