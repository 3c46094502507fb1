import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Envelope, RejectedEventsV1, RejectedEventV1, topics } from '@libs/contracts';
import { Clock, EventPublisher, newId, OutgoingMessage } from '@libs/kernel';
import { eventAsSent } from './event-as-sent';
import { Arrival } from './read-tracked-events';

/** Why the sink does not keep an event. */
export type SinkRefusal = keyof typeof MESSAGES;

const MESSAGES = {
  too_old: 'timestamp: older than what is kept.',
  timestamp_in_future: 'timestamp: too far ahead of the server.',
  invalid_data: 'The event cannot be stored.',
};

/** One event is at most 256 KiB and a message of the log 1 MiB. */
const MESSAGE_CHARACTERS = 512 * 1024;
const MAX_REJECTIONS = 100;

export interface Refused extends Arrival {
  code: SinkRefusal;
}

/** Tells the log of rejected events what the log of events has and the sinks do not keep. */
@Injectable()
export class RefusedEvents {
  constructor(
    private readonly publisher: EventPublisher,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the log has them. Call it before acknowledging: after a crash in between the same rejections come again. */
  async tell(refused: readonly Refused[]): Promise<void> {
    if (refused.length === 0) return;
    const byOrigin = Map.groupBy(refused, ({ message }) => message);
    const messages = [...byOrigin.values()].flatMap((of) => this.messagesOf(of));
    await this.publisher.publish(topics.eventsErrors, messages);
  }

  private messagesOf(refused: readonly Refused[]): OutgoingMessage[] {
    const [first] = refused;
    if (!first) return [];
    const { tenantId, requestId, traceparent } = first.message.envelope;
    const messages: OutgoingMessage[] = [];
    for (const rejections of packed(refused.map(rejectionOf))) {
      const envelope: Envelope<RejectedEventsV1> = {
        id: newId(),
        type: topics.eventsErrors,
        version: 1,
        tenantId,
        occurredAt: this.clock.now().toISOString(),
        requestId,
        traceparent,
        payload: { rejections },
      };
      messages.push({ key: tenantId, value: JSON.stringify(envelope) });
    }
    return messages;
  }
}

function rejectionOf({ event, message, code }: Refused): RejectedEventV1 {
  return {
    rejectionId: rejectionId(message.envelope, event, code),
    eventId: event.eventId,
    eventType: event.eventType,
    code,
    message: MESSAGES[code],
    stage: 'sink',
    source: event.source,
    appId: event.appId,
    receivedAt: event.receivedAt,
    userId: event.userId,
    sentAt: sentAtOf(event),
    event: JSON.stringify(eventAsSent(event)),
  };
}

/** With it a replay comes to the same `occurredAt`, whatever the clocks said. */
function sentAtOf({ timestamp, receivedAt, occurredAt }: Arrival['event']): string | undefined {
  const sentAt = Date.parse(timestamp) + Date.parse(receivedAt) - Date.parse(occurredAt);
  // one that no collector of ours wrote may have anything for a time
  return Number.isNaN(sentAt) ? undefined : new Date(sentAt).toISOString();
}

/** A UUIDv7 that is the same when the message is delivered again; its time is the message's. */
function rejectionId(envelope: Envelope, event: Arrival['event'], code: string): string {
  const hash = createHash('sha256')
    .update([envelope.id, event.eventId, event.timestamp, code].join('\n'))
    .digest('hex');
  const ms = (Date.parse(envelope.occurredAt) || 0).toString(16).padStart(12, '0').slice(-12);
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

function packed(rejections: readonly RejectedEventV1[]): RejectedEventV1[][] {
  const packs: RejectedEventV1[][] = [];
  let pack: RejectedEventV1[] = [];
  let characters = 0;
  for (const rejection of rejections) {
    if (pack.length === 0) packs.push(pack);
    pack.push(rejection);
    characters += rejection.event.length;
    if (characters < MESSAGE_CHARACTERS && pack.length < MAX_REJECTIONS) continue;
    pack = [];
    characters = 0;
  }
  return packs;
}
