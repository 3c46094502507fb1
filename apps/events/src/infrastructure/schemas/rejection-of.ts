import { EventSource, Rejection } from '../../domain/tracked-event';
import { readUuid } from './fixed-reader';
import { Refusal } from './refusal';
import { isTypeName } from './type-name';

/** Tells a refusal for the answer, with what can be read of the event's identity. */
export function rejectionOf(refusal: Refusal, raw: unknown, index: number, source: EventSource): Rejection {
  const values = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  const eventId = readUuid(source === 'sdk' ? values.event_id : values.eventId);
  const eventType = source === 'sdk' ? values.event_type : values.eventType;
  return {
    index,
    eventId: typeof eventId === 'string' ? eventId : undefined,
    eventType: isTypeName(eventType) ? eventType : undefined,
    code: refusal.code,
    message: `${refusal.path === '' ? 'The event' : `${refusal.path}:`} ${refusal.text}.`,
  };
}
