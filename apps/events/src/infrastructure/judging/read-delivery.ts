import { FieldError, InvalidRequest } from '@libs/kernel';
import { Delivery, MAX_EVENT_BYTES, MAX_EVENTS } from '../../application/delivery';
import { EventBatchSize, EventTooLarge } from '../../domain/collect.errors';
import { parseInstant } from '../../domain/event-time';
import { EventSource } from '../../domain/tracked-event';

const SENT_AT: Record<EventSource, string> = { sdk: 'sent_at', track: 'sentAt' };

/** A body that is one event. @throws InvalidRequest, EventTooLarge */
export function readEvent(body: unknown, source: EventSource, bytes: number): Delivery {
  if (!isObject(body)) throw refusal('', 'malformed_body', 'is a JSON object');
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLarge(MAX_EVENT_BYTES);
  const name = SENT_AT[source];
  if (!Object.hasOwn(body, name)) return { source, events: [body] };
  // It is about the request, and no part of the event.
  const { [name]: text, ...event } = body;
  return { source, events: [event], sentAt: sentAt(text, name) };
}

/** A body `{events: […]}`; what is in the list is judged one by one. @throws InvalidRequest, EventBatchSize */
export function readBatch(body: unknown, source: EventSource, bytes: number): Delivery {
  if (!isObject(body)) throw refusal('', 'malformed_body', 'is a JSON object');
  const name = SENT_AT[source];
  const errors: FieldError[] = [];
  for (const key of Object.keys(body))
    if (key !== 'events' && key !== name)
      errors.push(problem(shown(key), 'unknown_property', 'is not a property of a batch'));
  const { events } = body;
  if (events === undefined) errors.push(problem('events', 'missing_property', 'is missing'));
  else if (!Array.isArray(events)) errors.push(problem('events', 'malformed_events', 'is a list of events'));
  if (errors.length > 0) throw new InvalidRequest(errors, false);
  const list = events as unknown[];
  if (list.length === 0 || list.length > MAX_EVENTS) throw new EventBatchSize(MAX_EVENTS);
  return { source, events: list, bytes, sentAt: sentAt(body[name], name) };
}

function sentAt(text: unknown, name: string): number | undefined {
  if (text === undefined || text === null) return undefined;
  const instant = typeof text === 'string' ? parseInstant(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw refusal(name, `malformed_${SENT_AT.sdk}`, 'is an RFC 3339 time with an offset');
  return instant;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(path: string, code: string, message: string): InvalidRequest {
  return new InvalidRequest([problem(path, code, message)], false);
}

function problem(path: string, code: string, message: string): FieldError {
  return { path, code, message };
}

/** A client's own property names come back in answers: shortened, never raw control characters. */
function shown(key: string): string {
  const clean = key.replace(/\p{C}/gu, '\u{fffd}');
  return clean.length > 100 ? `${clean.slice(0, 100)}…` : clean;
}
