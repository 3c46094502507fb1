import { TrackedEventsV1, TrackedEventV1 } from '@libs/contracts';
import { isUuid, TenantId } from '@libs/kernel';
import { Batch, DeadLetter, Received } from '@libs/messaging';

/** An event that was taken from the log, with whose it is. */
export interface ReceivedEvent extends TrackedEventV1 {
  tenantId: TenantId;
}

/** An event and the message that brought it. */
export interface Arrival {
  event: ReceivedEvent;
  message: Received<TrackedEventsV1>;
}

export interface Arrivals {
  wanted: Arrival[];
  /** Events that no collector of ours would write. */
  unreadable: Arrival[];
  /** Messages that tell of no events or of no tenant, or of something that cannot even be told of as an event. */
  poison: DeadLetter[];
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Takes the events that something is made of out of their messages; the others are not looked at any closer. */
export function readTrackedEvents(
  batch: Batch<TrackedEventsV1>,
  wants: (eventType: string) => boolean,
): Arrivals {
  const arrivals: Arrivals = { wanted: [], unreadable: [], poison: [] };
  for (const message of batch.messages) {
    const { tenantId, payload } = message.envelope;
    if (!isUuid(tenantId) || !Array.isArray(payload.events)) {
      arrivals.poison.push(malformed(message));
      continue;
    }
    let whole = true;
    for (const told of payload.events as unknown[]) {
      if (!isObject(told) || typeof told['eventType'] !== 'string') {
        whole = false;
        continue;
      }
      if (!wants(told['eventType'])) continue;
      if (!isObject(told['context'])) {
        whole = false;
        continue;
      }
      // The message was parsed for us alone: no need to copy what is in it.
      const event = Object.assign(told as unknown as TrackedEventV1, { tenantId: tenantId as TenantId });
      (isReadable(event) ? arrivals.wanted : arrivals.unreadable).push({ event, message });
    }
    // What could be read of it is stored: redriving the letter repeats that, harmlessly.
    if (!whole) arrivals.poison.push(malformed(message));
  }
  return arrivals;
}

function isReadable(event: TrackedEventV1): boolean {
  return (
    isUuid(event.eventId) &&
    isUuid(event.appId) &&
    isInstant(event.timestamp) &&
    isInstant(event.occurredAt) &&
    isInstant(event.receivedAt) &&
    (event.source === 'sdk' || event.source === 'track') &&
    (event.seq === undefined || Number.isSafeInteger(event.seq)) &&
    isTextOrAbsent(event.userId) &&
    isTextOrAbsent(event.deviceId) &&
    isTextOrAbsent(event.sessionId) &&
    isTextOrAbsent(event.country) &&
    isTextOrAbsent(event.version) &&
    isObject(event.device) &&
    isObject(event.properties)
  );
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && INSTANT.test(value);
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed({ envelope, text }: Received): DeadLetter {
  return {
    text,
    key: envelope.tenantId,
    reason: 'malformed_events',
    detail: 'The payload is no list of events of a tenant.',
  };
}
