import { EventSource } from './tracked-event';

const MAX_LENGTH = 256;

/** Where each form names its person, and where somebody who mixes them up may. */
const PLACES = {
  sdk: [['user', 'user_id'], ['user', 'userId'], ['user', 'id'], ['user'], ['userId'], ['user_id']],
  track: [['userId'], ['user_id'], ['user'], ['user', 'user_id'], ['user', 'userId'], ['user', 'id']],
} as const satisfies Record<EventSource, readonly (readonly string[])[]>;

/**
 * Whom an event of a client's names, though it may be nothing that can be read otherwise: a refused one is often refused for being
 * of the other form, or for a number as an id, and is its person's all the same.
 */
export function userNamedBy(raw: unknown, source: EventSource): string | undefined {
  for (const place of PLACES[source]) {
    const named = idOf(place.reduce(valueOf, raw));
    if (named !== undefined) return named;
  }
  return undefined;
}

function idOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= MAX_LENGTH ? text : undefined;
}

function valueOf(raw: unknown, name: string): unknown {
  return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, name)
    ? (raw as Record<string, unknown>)[name]
    : undefined;
}
