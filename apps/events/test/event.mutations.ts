import { eventForms } from '../src/domain/event-forms/event-forms';
import { PropertyForm } from '../src/domain/event-forms/property-form';
import { EventType } from '../src/domain/event-types';

/** One thing wrong with an event that was right: where, what is put there, and what is said to it. */
export interface Mutation {
  path: string;
  value: unknown;
  code: string;
}

const GONE = undefined;

/** Wrong in every event. */
export const mutationsOfAny: readonly Mutation[] = [
  { path: 'event_id', value: GONE, code: 'missing_property' },
  { path: 'event_id', value: null, code: 'missing_property' },
  { path: 'event_id', value: 7, code: 'wrong_type' },
  { path: 'event_id', value: '550e8400e29b41d4a716446655440000', code: 'malformed_uuid' },
  // version 7, of which the SDK makes none
  { path: 'event_id', value: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6071', code: 'malformed_uuid' },
  { path: 'event_type', value: GONE, code: 'missing_property' },
  { path: 'event_type', value: ['click'], code: 'wrong_type' },
  { path: 'event_type', value: 'transfer_completd', code: 'unknown_event_type' },
  { path: 'event_type', value: '__proto__', code: 'unknown_event_type' },
  { path: 'event_type', value: '', code: 'unknown_event_type' },
  { path: 'timestamp', value: GONE, code: 'missing_property' },
  { path: 'timestamp', value: 1_763_812_800_000, code: 'wrong_type' },
  { path: 'timestamp', value: '2026-02-30T12:00:00Z', code: 'malformed_timestamp' },
  { path: 'sent_at', value: '2026-11-22T12:00:00.000Z', code: 'unknown_property' },
  { path: 'user', value: GONE, code: 'missing_property' },
  { path: 'user', value: 'me', code: 'wrong_type' },
  { path: 'user.device_id', value: GONE, code: 'missing_property' },
  { path: 'user.device_id', value: '', code: 'empty' },
  { path: 'user.device_id', value: 'x'.repeat(129), code: 'malformed_id' },
  { path: 'user.user_id', value: 12, code: 'wrong_type' },
  { path: 'user.user_id', value: 'a\nb', code: 'malformed_id' },
  { path: 'user.tenant_id', value: 'x', code: 'unknown_property' },
  { path: 'session', value: [], code: 'wrong_type' },
  { path: 'session.session_id', value: GONE, code: 'missing_property' },
  { path: 'session.seq', value: GONE, code: 'missing_property' },
  { path: 'session.seq', value: '42', code: 'wrong_type' },
  { path: 'session.seq', value: 1.5, code: 'wrong_type' },
  { path: 'session.seq', value: -1, code: 'out_of_range' },
  { path: 'session.started', value: 1, code: 'unknown_property' },
  { path: 'context', value: 'here', code: 'wrong_type' },
  { path: 'context.url', value: 'x'.repeat(8_193), code: 'too_long' },
  { path: 'context.referrer', value: {}, code: 'wrong_type' },
  { path: 'context.user_agent', value: 'x'.repeat(2_049), code: 'too_long' },
  { path: 'context.screen_width', value: '1920', code: 'wrong_type' },
  { path: 'context.viewport_height', value: -1, code: 'out_of_range' },
  { path: 'context.timezone', value: 'São Paulo', code: 'malformed_timezone' },
  { path: 'context.locale', value: 'pt BR', code: 'malformed_locale' },
  { path: 'context.country', value: 'BR', code: 'unknown_property' },
  { path: 'properties', value: [], code: 'wrong_type' },
  { path: 'version', value: 1, code: 'wrong_type' },
  { path: 'version', value: 'v 1', code: 'malformed_version' },
  { path: 'tenant_id', value: 'x', code: 'unknown_property' },
  { path: 'device', value: {}, code: 'unknown_property' },
];

/** Wrong in the properties that a type knows. */
export function mutationsOf(type: EventType): Mutation[] {
  return Object.entries(eventForms[type].properties).flatMap(([name, form]) =>
    [...wrong(form), ...(form.required ? [[GONE, 'missing_property'] as const] : [])].map(
      ([value, code]) => ({
        path: `properties.${name}`,
        value,
        code,
      }),
    ),
  );
}

function wrong(form: PropertyForm): (readonly [unknown, string])[] {
  switch (form.kind) {
    case 'text':
      return [
        [7, 'wrong_type'],
        [['a'], 'wrong_type'],
        ['x'.repeat(form.max + 1), 'too_long'],
      ];
    case 'integer':
      return [
        ['7', 'wrong_type'],
        [0.5, 'wrong_type'],
        [form.max + 1, 'out_of_range'],
        [form.min - 1, 'out_of_range'],
      ];
    case 'number':
      return [
        ['7', 'wrong_type'],
        [form.max + 1, 'out_of_range'],
        [form.min - 1, 'out_of_range'],
      ];
    case 'flag':
      return [
        ['true', 'wrong_type'],
        [1, 'wrong_type'],
      ];
    case 'amount':
      return [
        [true, 'wrong_type'],
        [{ value: 1 }, 'wrong_type'],
        [0.1 + 0.2, 'malformed_amount'],
        [1e21, 'malformed_amount'],
        ['1,50', 'malformed_amount'],
        ['1e3', 'malformed_amount'],
        [' 1', 'malformed_amount'],
        ['01.00', 'malformed_amount'],
        ['1.234', 'malformed_amount'],
        ['', 'malformed_amount'],
        ['9'.repeat(33), 'malformed_amount'],
        [10_000_000_000_001, 'amount_out_of_range'],
        ['10000000000000.01', 'amount_out_of_range'],
        ...(form.zero
          ? ([['-0.01', 'amount_negative']] as const)
          : ([
              [0, 'amount_not_positive'],
              ['-0.00', 'amount_not_positive'],
              [-150.5, 'amount_not_positive'],
            ] as const)),
      ];
    case 'currency':
      return [
        ['brl', 'malformed_currency'],
        ['R$', 'malformed_currency'],
        [986, 'wrong_type'],
      ];
    case 'day':
      return [
        ['2026-02-29', 'malformed_day'],
        ['22/11/2026', 'malformed_day'],
        [20_261_122, 'wrong_type'],
      ];
    case 'option':
      return [
        ['sideways', 'not_an_option'],
        [0, 'wrong_type'],
      ];
    case 'texts':
      return [
        ['a,b', 'wrong_type'],
        [Array(form.items + 1).fill('a'), 'too_many_items'],
      ];
  }
}

/** `event` with the mutation in it; the objects on the way are made where they lack. */
export function mutated(event: Record<string, unknown>, { path, value }: Mutation): Record<string, unknown> {
  const copy = structuredClone(event);
  const steps = path.split('.');
  const last = steps.pop() as string;
  let at = copy;
  for (const step of steps) at = (at[step] ??= {}) as Record<string, unknown>;
  if (value === GONE) delete at[last];
  else at[last] = value;
  return copy;
}
