import fc from 'fast-check';
import { PropertyForm } from '../src/domain/event-forms/property-form';
import { eventForms } from '../src/domain/event-forms/event-forms';
import { EventType } from '../src/domain/event-types';

type Json = Record<string, unknown>;

const whole = (max: number) => fc.integer({ min: 0, max: Math.min(max, 2 ** 31 - 1) });
const wellFormed = (max: number) =>
  fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => text.length <= max);
const instant = fc.date({ noInvalidDate: true, min: new Date('2020-01-01'), max: new Date('2030-01-01') });

/** A value that a form accepts. */
export function valueOf(form: PropertyForm): fc.Arbitrary<unknown> {
  switch (form.kind) {
    case 'text':
      return wellFormed(form.max);
    case 'integer':
      return whole(form.max);
    case 'number':
      return fc.double({ min: form.min, max: form.max, noNaN: true });
    case 'flag':
      return fc.boolean();
    case 'amount':
      return amountInCents(form.zero).map(({ sent }) => sent);
    case 'currency':
      return fc.constantFrom('BRL', 'USD', 'EUR');
    case 'day':
      return instant.map((date) => date.toISOString().slice(0, 10));
    case 'option':
      return fc.constantFrom(...form.options);
    case 'texts':
      return fc.array(wellFormed(form.max), { maxLength: 5 });
  }
}

/** An amount in one of the spellings that clients use, and what it must become. */
export function amountInCents(zero: boolean): fc.Arbitrary<{ sent: number | string; exact: string }> {
  const cents = fc.bigInt({ min: zero ? 0n : 1n, max: 10n ** 15n });
  return fc.tuple(cents, fc.constantFrom('number', 'text', 'short')).map(([value, spelling]) => {
    const exact = `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;
    if (spelling === 'text') return { sent: exact, exact };
    return { sent: spelling === 'number' ? Number(exact) : exact.replace(/\.?0{1,2}$/, ''), exact };
  });
}

/** What a type knows: what is required, and any of the rest. */
export function propertiesOf(type: EventType): fc.Arbitrary<Json> {
  const forms = Object.entries(eventForms[type].properties);
  return fc.record(Object.fromEntries(forms.map(([name, form]) => [name, valueOf(form)])), {
    requiredKeys: forms.filter(([, form]) => form.required).map(([name]) => name),
    noNullPrototype: true,
  });
}

/** A whole event in the SDK's form, with properties of the type and some of its own. */
export function eventOf(type: EventType): fc.Arbitrary<Json> {
  const uuid = fc.uuid({ version: 4 });
  const own = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.jsonValue({ maxDepth: 3 }).filter(keepsDigits),
    {
      maxKeys: 3,
      noNullPrototype: true,
    },
  );
  return fc.record(
    {
      event_id: uuid,
      event_type: fc.constant(type),
      timestamp: instant.map((date) => date.toISOString()),
      server_timestamp: fc.jsonValue(),
      user: fc.record({ user_id: uuid, device_id: uuid }, { requiredKeys: ['device_id'] }),
      session: fc.record({ session_id: uuid, seq: whole(10_000) }),
      context: fc.record(
        {
          url: fc.webUrl(),
          referrer: fc.webUrl(),
          ip: fc.jsonValue(),
          user_agent: wellFormed(100),
          screen_width: whole(10_000),
          viewport_height: whole(10_000),
          timezone: fc.constant('America/Sao_Paulo'),
          locale: fc.constantFrom('pt-BR', 'en'),
        },
        { requiredKeys: [] },
      ),
      properties: fc
        .tuple(own, propertiesOf(type))
        .map(([other, known]) => ({ ...without(other, type), ...known })),
      version: fc.constant('1.0.0'),
    },
    { requiredKeys: ['event_id', 'event_type', 'timestamp', 'user', 'session', 'properties'] },
  );
}

function without(other: Json, type: EventType): Json {
  const known = eventForms[type].properties;
  return Object.fromEntries(
    Object.entries(other).filter(([name, value]) => !(name in known) && !named(name, value)),
  );
}

// refused before a body is read at all
function named(name: string, value: unknown): boolean {
  return name === '__proto__' || JSON.stringify(value).includes('"__proto__"');
}

/** What lies further out is refused. */
function keepsDigits(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value !== 'object' || value === null || Object.values(value).every(keepsDigits);
}
