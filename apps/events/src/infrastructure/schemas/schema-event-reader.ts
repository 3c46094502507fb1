import { randomUUID } from 'node:crypto';
import { Clock } from '@libs/kernel';
import { EventReader } from '../../application/event-reader';
import { eventForms } from '../../domain/event-forms/event-forms';
import { timestampOfId } from '../../domain/event-time';
import { EVENT_TYPES } from '../../domain/event-types';
import { EventSource, Rejection, ToldEvent } from '../../domain/tracked-event';
import { contextShape, sdkShape, sessionShape, trackShape, userShape } from './event-shapes';
import { PropertiesReader } from './properties-reader';
import { quotable, Refusal } from './refusal';
import { rejectionOf } from './rejection-of';
import { isTypeName } from './type-name';

const NOT_TEXT = new Refusal('wrong_type', 'must be text');
const MALFORMED_TYPE = new Refusal(
  'malformed_event_type',
  'must be snake_case, at most 64 characters, without six digits in a row',
);

/** Reads events by the table of forms, made into readers once. One pass over what a client sent, which it leaves as it is. */
export class SchemaEventReader extends EventReader {
  private readonly known = new Map<string, PropertiesReader>(
    EVENT_TYPES.map((type) => [type, new PropertiesReader(eventForms[type])]),
  );
  private readonly anyOther = new PropertiesReader({ when: '', properties: {} });

  constructor(private readonly clock: Clock) {
    super();
  }

  read(raw: unknown, index: number, source: EventSource): ToldEvent | Rejection {
    const told = source === 'sdk' ? this.sdk(raw) : this.track(raw);
    return told instanceof Refusal ? rejectionOf(told, raw, index, source) : told;
  }

  private sdk(raw: unknown): ToldEvent | Refusal {
    const top = sdkShape.read(raw);
    if (top instanceof Refusal) return top;
    const { eventType } = top;
    if (typeof eventType !== 'string') return NOT_TEXT.below('event_type');
    const reader = this.known.get(eventType);
    if (reader === undefined) return unknownType(eventType);
    const user = userShape.read(top.user);
    if (user instanceof Refusal) return user.below('user');
    const session = sessionShape.read(top.session);
    if (session instanceof Refusal) return session.below('session');
    const context = contextShape.read(top.context ?? {});
    if (context instanceof Refusal) return context.below('context');
    const properties = reader.read(top.properties);
    if (properties instanceof Refusal) return properties.below('properties');
    return {
      eventId: top.eventId,
      eventType,
      timestamp: top.timestamp,
      source: 'sdk',
      userId: user.userId,
      deviceId: user.deviceId,
      sessionId: session.sessionId,
      seq: session.seq,
      context,
      properties,
      version: top.version,
    };
  }

  private track(raw: unknown): ToldEvent | Refusal {
    const top = trackShape.read(raw);
    if (top instanceof Refusal) return top;
    const { eventType } = top;
    if (typeof eventType !== 'string') return NOT_TEXT.below('eventType');
    if (!isTypeName(eventType)) return MALFORMED_TYPE.below('eventType');
    const reader = this.known.get(eventType) ?? this.anyOther;
    const properties = reader.read(top.metadata);
    if (properties instanceof Refusal) return properties.below('metadata');
    return {
      eventId: top.eventId ?? randomUUID(),
      eventType,
      timestamp: top.timestamp ?? this.timeFor(top.eventId),
      source: 'track',
      userId: top.userId,
      deviceId: undefined,
      sessionId: top.sessionId,
      seq: undefined,
      context: {
        url: top.url,
        referrer: top.referrer,
        screenWidth: top.screenWidth,
        screenHeight: top.screenHeight,
      },
      properties,
      version: undefined,
      untimed: top.timestamp === undefined ? true : undefined,
    };
  }

  private timeFor(eventId: string | undefined): string {
    const now = this.clock.now();
    return eventId === undefined ? now.toISOString() : timestampOfId(eventId, now);
  }
}

function unknownType(eventType: string): Refusal {
  const named = isTypeName(eventType) ? `"${quotable(eventType)}"` : 'this';
  return new Refusal('unknown_event_type', `${named} is none of the 19 types`, 'event_type');
}
