import { visitorId } from '../../domain/visitor-id';
import { RawEventView } from './event.reader';

/** What is told of any event; who it was is told by `visitor` alone. */
export const FIELDS_OF_EVERYBODY = [
  'eventId',
  'eventType',
  'occurredAt',
  'timestamp',
  'receivedAt',
  'source',
  'visitor',
  'seq',
  'url',
  'referrer',
  'device',
  'browser',
  'os',
  'country',
  'version',
  'metadata',
] as const;
/** Ids as they were sent, or their pseudonyms. */
export const IDS = ['userId', 'deviceId', 'sessionId'] as const;
/** With the address of the sender. */
export const CIRCUMSTANCES = ['context', 'userAgent'] as const;

export type EventField =
  (typeof FIELDS_OF_EVERYBODY)[number] | (typeof IDS)[number] | (typeof CIRCUMSTANCES)[number];

/** An event as files and webhooks tell it. */
export function eventForm(event: RawEventView, fields: readonly EventField[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, valueOf(event, field)]));
}

export function valueOf(event: RawEventView, field: EventField): RawEventView[EventField] {
  if (field === 'visitor') return event.visitor === null ? null : visitorId(event.visitor);
  return event[field];
}
