import fc from 'fast-check';
import { amountInCents, eventOf } from '../../../test/event.arbitrary';
import { mutated, mutationsOf, mutationsOfAny } from '../../../test/event.mutations';
import { isRejection } from '../../application/event-reader';
import { EVENT_TYPES, EventType } from '../../domain/event-types';
import { SchemaEventReader } from './schema-event-reader';

const reader = new SchemaEventReader({ now: () => new Date('2026-11-22T12:00:00.500Z') });
const read = (raw: unknown) => reader.read(raw, 0, 'sdk');
// for each of the nineteen
const RUNS = { numRuns: 50 };
const anEvent = (type: EventType) => fc.sample(eventOf(type), { numRuns: 1, seed: 7 })[0] ?? {};

describe.each(EVENT_TYPES)('%s', (type) => {
  it('is read whatever it carries, and loses nothing', () => {
    fc.assert(
      fc.property(eventOf(type), (raw) => {
        const told = read(raw);
        if (isRejection(told)) throw new Error(told.message);
        expect(told.eventId).toBe(raw.event_id);
        expect(told.timestamp).toBe(raw.timestamp);
        expect(Object.keys(told.properties).sort()).toEqual(Object.keys(raw.properties as object).sort());
      }),
      RUNS,
    );
  });

  it('is refused for any single thing that is wrong, which is named', () => {
    const mutations = [...mutationsOfAny, ...mutationsOf(type)];
    const told = mutations.map((mutation) => {
      const answer = read(mutated(anEvent(type), mutation));
      return isRejection(answer)
        ? { ...mutation, code: answer.code, path: answer.message.split(':')[0] }
        : 'accepted';
    });
    expect(told).toEqual(mutations);
  });

  it('is refused, never thrown at, with anything in any place', () => {
    const places = ['user', 'session', 'context', 'properties', 'timestamp', 'event_id', 'version'];
    fc.assert(
      fc.property(eventOf(type), fc.constantFrom(...places), fc.anything(), (raw, place, value) => {
        expect(read({ ...raw, [place]: value })).toBeInstanceOf(Object);
      }),
      RUNS,
    );
  });
});

it('keeps every amount to the cent, however it was spelled', () => {
  fc.assert(
    fc.property(amountInCents(false), ({ sent, exact }) => {
      const told = read(
        mutated(anEvent('payment_completed'), { path: 'properties.amount', value: sent, code: '' }),
      );
      expect(!isRejection(told) && told.properties.amount).toBe(exact);
    }),
    { numRuns: 2_000 },
  );
});

it('never throws for what is no event at all', () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom('sdk' as const, 'track' as const), (raw, source) => {
      expect(reader.read(raw, 0, source)).toBeInstanceOf(Object);
    }),
    { numRuns: 2_000 },
  );
});

it('does not let properties be deeper, more or named longer than a store can hold', () => {
  const nested = JSON.parse('{"a":'.repeat(29) + '1' + '}'.repeat(29)) as unknown;
  const many = Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`p${at}`, at]));
  const codes = [
    { nested },
    many,
    { ['n'.repeat(129)]: 1 },
    JSON.parse('{"a":[{"__proto__":1}]}') as unknown,
  ].map((properties) => {
    const told = read({ ...anEvent('click'), properties });
    return isRejection(told) ? told.code : 'accepted';
  });
  expect(codes).toEqual(['too_deep', 'too_many_properties', 'name_too_long', 'forbidden_key']);
});

it('takes nothing for absent where there is a choice', () => {
  const event = anEvent('goal_created');
  const told = read({
    ...event,
    context: { url: '', referrer: null },
    user: { device_id: 'd', user_id: '' },
    properties: { name: null },
  });
  expect(told).toMatchObject({ context: {}, properties: {} });
  expect(told).toHaveProperty('userId', undefined);
});
