import { isPersonal, Pseudonyms, TenantId } from '@libs/kernel';
import { occurredAt } from '../domain/event-time';
import { freeOfPersonalData } from '../domain/free-of-personal-data';
import { Device, ToldEvent, TrackedEvent } from '../domain/tracked-event';
import { userNamedBy } from '../domain/user-named-by';
import { Gathering } from './gathering';
import { UserAgents } from './user-agents';

const UNKNOWN: Device = { kind: 'other', family: 'Other', browser: 'Other', os: 'Other', bot: false };

/** Makes of what a client told an event of ours: freed of personal data, with what only the server knows. */
export class EnrichEvents {
  constructor(
    private readonly userAgents: UserAgents,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  /** Adds it to the accepted ones; its device may follow, then `pending` says when. `timestamp` is its own, in milliseconds. */
  add(gathering: Gathering, told: ToldEvent, timestamp: number): void {
    const { reception, receivedText, delivery } = gathering;
    const { tenantId, receivedMs } = reception;
    // What the server knows of the sender wins, and is masked like the rest.
    told.context.ip = reception.ip;
    told.context.userAgent ??= reception.userAgent;
    const free = freeOfPersonalData(told);
    const happened = told.untimed ? receivedMs : occurredAt(timestamp, receivedMs, delivery.sentAt);
    const event: TrackedEvent = {
      eventId: free.eventId,
      eventType: free.eventType,
      timestamp: free.timestamp,
      occurredAt: happened === timestamp ? free.timestamp : new Date(happened).toISOString(),
      receivedAt: receivedText,
      source: free.source,
      appId: reception.appId,
      userId: reception.userId ?? this.known(tenantId, free.userId),
      deviceId: this.known(tenantId, free.deviceId),
      sessionId: this.known(tenantId, free.sessionId),
      seq: free.seq,
      context: free.context,
      device: UNKNOWN,
      country: reception.country,
      properties: free.properties,
      version: free.version,
    };
    const device = this.userAgents.device(free.context.userAgent);
    if (device instanceof Promise) gathering.pending.push(assign(event, device));
    else event.device = device;
    gathering.accepted.push(event);
  }

  /** Whom an event is about that is not accepted: nobody's own word counts where a token speaks. */
  personNamed({ reception, delivery: { source, events } }: Gathering, index: number): string | undefined {
    return reception.userId ?? this.known(reception.tenantId, userNamedBy(events[index], source));
  }

  private known(tenantId: TenantId, id: string | undefined): string | undefined {
    return id !== undefined && isPersonal(id) ? this.pseudonyms.of(tenantId, id) : id;
  }
}

async function assign(event: TrackedEvent, device: Promise<Device>): Promise<void> {
  event.device = await device;
}
