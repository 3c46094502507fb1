import { randomUUID } from 'node:crypto';
import { parseEnvelope, RejectedEventsV1, TrackedEventsV1, trackedEventsV1Example } from '@libs/contracts';
import { isUuid, newId, TenantId } from '@libs/kernel';
import { TrackedEvent } from '../../domain/tracked-event';
import { eventMessages, LANES, laneOf, Origin, rejectionMessages } from './log-messages';

const ORIGIN: Origin = {
  tenantId: newId<TenantId>(),
  occurredAt: '2026-11-22T12:00:00.000Z',
  requestId: 'a "request"',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
};

function anEvent(changes: Partial<TrackedEvent> = {}): TrackedEvent {
  return { ...(trackedEventsV1Example.events[0] as TrackedEvent), eventId: randomUUID(), ...changes };
}

const payloads = (events: TrackedEvent[]) =>
  eventMessages(ORIGIN, events).map(({ value }) => parseEnvelope<TrackedEventsV1>(value).payload.events);

describe('messages of events', () => {
  it('are one for the events of one device, in its lane', () => {
    const events = [anEvent(), anEvent(), anEvent({ sessionId: randomUUID() })];
    const [message, ...others] = eventMessages(ORIGIN, events);
    expect(others).toEqual([]);
    expect(message?.key).toBe(`${ORIGIN.tenantId}:${laneOf(events[0]?.deviceId ?? '')}`);
    const { id, payload, ...head } = parseEnvelope<TrackedEventsV1>(message?.value ?? '');
    expect(isUuid(id)).toBe(true);
    expect(head).toEqual({ ...ORIGIN, type: 'events', version: 1 });
    expect(payload).toEqual({ events });
  });

  it('carry every event once, whatever devices they come from', () => {
    const events = Array.from({ length: 100 }, () => anEvent({ deviceId: randomUUID() }));
    const messages = payloads(events);
    expect(messages.length).toBeGreaterThan(4);
    expect(messages.length).toBeLessThanOrEqual(LANES);
    expect(
      messages
        .flat()
        .map(({ eventId }) => eventId)
        .sort(),
    ).toEqual(events.map(({ eventId }) => eventId).sort());
    for (const message of messages)
      expect(new Set(message.map(({ deviceId = '' }) => laneOf(deviceId))).size).toBe(1);
  });

  it('go by the session where there is no device, and together where there is neither', () => {
    const sessionId = randomUUID();
    const [bySession] = eventMessages(ORIGIN, [anEvent({ deviceId: undefined, sessionId })]);
    expect(bySession?.key).toBe(`${ORIGIN.tenantId}:${laneOf(sessionId)}`);
    const nobody = Array.from({ length: 10 }, () => anEvent({ deviceId: undefined, sessionId: undefined }));
    expect(payloads(nobody)).toHaveLength(1);
  });

  it('spread devices over all lanes', () => {
    const counts = new Array<number>(LANES).fill(0);
    for (let n = 0; n < 16_000; n += 1) {
      const lane = laneOf(randomUUID());
      counts[lane] = (counts[lane] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(700);
  });

  it('are split before they grow beyond what a broker takes', () => {
    const properties = { text: 'x'.repeat(200_000) };
    const messages = eventMessages(
      ORIGIN,
      Array.from({ length: 10 }, () => anEvent({ properties })),
    );
    expect(messages.length).toBeGreaterThan(1);
    for (const { value } of messages) expect(value.length).toBeLessThan(1_000_000);
    expect(
      messages.flatMap(({ value }) => parseEnvelope<TrackedEventsV1>(value).payload.events),
    ).toHaveLength(10);
  });
});

describe('messages of rejected events', () => {
  it('carry the reason and the text, under an id each', () => {
    const rejected = {
      code: 'too_old',
      message: 'm',
      event: '{"a":1}',
      source: 'sdk',
      appId: 'app',
      receivedAt: 'r',
    } as const;
    const [message] = rejectionMessages(ORIGIN, [
      { ...rejected, index: 3, eventId: 'e', eventType: 't' },
      { ...rejected, index: 4 },
    ]);
    const { type, payload } = parseEnvelope<RejectedEventsV1>(message?.value ?? '');
    expect([type, message?.key]).toEqual(['events-errors', ORIGIN.tenantId]);
    expect(payload.rejections).toEqual([
      { ...rejected, rejectionId: expect.any(String), eventId: 'e', eventType: 't', stage: 'collector' },
      { ...rejected, rejectionId: expect.any(String), stage: 'collector' },
    ]);
    expect(payload.rejections.every(({ rejectionId }) => isUuid(rejectionId))).toBe(true);
  });
});
