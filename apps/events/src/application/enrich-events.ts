import { Injectable } from '@nestjs/common';
import { isPersonal, Pseudonyms, TenantId } from '@libs/kernel';
import { occurredAt } from '../domain/event-time';
import { freeOfPersonalData } from '../domain/free-of-personal-data';
import { Device, ToldEvent, TrackedEvent } from '../domain/tracked-event';
import { userNamedBy } from '../domain/user-named-by';
import { Countries } from './countries';
import { Gathering } from './gathering';
import { UserAgents } from './user-agents';

const UNKNOWN: Device = { kind: 'other', family: 'Other', browser: 'Other', os: 'Other', bot: false };

/** Makes of what a client told an event of ours: freed of personal data, with what only the server knows. */
@Injectable()
export class EnrichEvents {
  constructor(
    private readonly userAgents: UserAgents,
    private readonly countries: Countries,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  /** Adds it to the accepted ones; its device may follow, then `pending` says when. `timestamp` is its own, in milliseconds. */
  add(gathering: Gathering, told: ToldEvent, timestamp: number): void {
    const { sender, receivedMs, receivedText, delivery } = gathering;
    // What the server knows of the sender wins, and is masked like the rest.
    told.context.ip = sender.ip;
    told.context.userAgent ??= sender.userAgent;
    const free = freeOfPersonalData(told);
    const happened = told.untimed ? receivedMs : occurredAt(timestamp, receivedMs, delivery.sentAt);
    const event: TrackedEvent = {
      eventId: free.eventId,
      eventType: free.eventType,
      timestamp: free.timestamp,
      occurredAt: happened === timestamp ? free.timestamp : new Date(happened).toISOString(),
      receivedAt: receivedText,
      source: free.source,
      appId: sender.appId,
      userId: sender.userId ?? this.known(sender.tenantId, free.userId),
      deviceId: this.known(sender.tenantId, free.deviceId),
      sessionId: this.known(sender.tenantId, free.sessionId),
      seq: free.seq,
      context: free.context,
      device: UNKNOWN,
      country: sender.ip === undefined ? undefined : this.countries.of(sender.ip),
      properties: free.properties,
      version: free.version,
    };
    const device = this.userAgents.device(free.context.userAgent);
    if (device instanceof Promise) gathering.pending.push(assign(event, device));
    else event.device = device;
    gathering.accepted.push(event);
  }

  /** Whom an event is about that is not accepted: nobody's own word counts where a token speaks. */
  personNamed({ sender, delivery: { source, events } }: Gathering, index: number): string | undefined {
    return sender.userId ?? this.known(sender.tenantId, userNamedBy(events[index], source));
  }

  private known(tenantId: TenantId, id: string | undefined): string | undefined {
    return id !== undefined && isPersonal(id) ? this.pseudonyms.of(tenantId, id) : id;
  }
}

async function assign(event: TrackedEvent, device: Promise<Device>): Promise<void> {
  event.device = await device;
}
