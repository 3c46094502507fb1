import { randomInt } from 'node:crypto';
import { Envelope, RejectedEventV1, topics, TrackedEventV1 } from '@libs/contracts';
import { newId, OutgoingMessage, TenantId } from '@libs/kernel';
import { RejectedEvent } from '../../application/event-log';
import { TrackedEvent } from '../../domain/tracked-event';

/** Each device belongs to one, and a tenant's load spreads over that many keys. */
export const LANES = 16;
/** A message ends with the event that takes it past this: brokers take 1 MiB. */
const MESSAGE_CHARACTERS = 512 * 1024;

/** What the messages of one request have in common. */
export interface Origin {
  tenantId: TenantId;
  occurredAt: string;
  requestId: string;
  traceparent?: string;
}

/** One message a lane: the batch of a browser is one. */
export function eventMessages(origin: Origin, events: readonly TrackedEvent[]): OutgoingMessage[] {
  const messages: OutgoingMessage[] = [];
  // Whoever has neither device nor session travels with the others of its request.
  let random: number | undefined;
  const lanes: string[][] = [];
  const used: number[] = [];
  for (const event of events) {
    const id = event.deviceId ?? event.sessionId;
    const lane = id === undefined ? (random ??= randomInt(LANES)) : laneOf(id);
    let texts = lanes[lane];
    if (!texts) {
      lanes[lane] = texts = [];
      used.push(lane);
    }
    texts.push(JSON.stringify(event satisfies TrackedEventV1));
  }
  for (const lane of used)
    pack(messages, lanes[lane] ?? [], `${origin.tenantId}:${lane}`, origin, topics.events, 'events');
  return messages;
}

export function rejectionMessages(origin: Origin, rejected: readonly RejectedEvent[]): OutgoingMessage[] {
  const messages: OutgoingMessage[] = [];
  const texts = rejected.map(({ index: _, ...rejection }) =>
    JSON.stringify({
      rejectionId: newId(),
      ...rejection,
      stage: 'collector',
    } satisfies RejectedEventV1),
  );
  pack(messages, texts, origin.tenantId, origin, topics.eventsErrors, 'rejections');
  return messages;
}

/** Each event became JSON once, so its text is put into the envelope's as it is. */
function pack(
  into: OutgoingMessage[],
  texts: readonly string[],
  key: string,
  origin: Origin,
  type: string,
  list: string,
): void {
  for (let at = 0; at < texts.length;) {
    let body = texts[at++] ?? '';
    while (at < texts.length && body.length < MESSAGE_CHARACTERS) body += `,${texts[at++] ?? ''}`;
    into.push({ key, value: `${headOf(origin, type)},"payload":{"${list}":[${body}]}}` });
  }
}

function headOf({ tenantId, occurredAt, requestId, traceparent }: Origin, type: string): string {
  const head: Omit<Envelope, 'payload'> = {
    id: newId(),
    type,
    version: 1,
    tenantId,
    occurredAt,
    requestId,
    traceparent,
  };
  return JSON.stringify(head).slice(0, -1);
}

/** FNV-1a: the same device, the same lane, in every collector. */
export function laneOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 16)) >>> 0) % LANES;
}
