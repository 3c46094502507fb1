import { EventSource } from './tracked-event';

const MAX_LENGTH = 256;

/** Whom an event of a client's names, though it may be nothing that can be read otherwise. */
export function userNamedBy(raw: unknown, source: EventSource): string | undefined {
  const named = source === 'sdk' ? valueOf(valueOf(raw, 'user'), 'user_id') : valueOf(raw, 'userId');
  return typeof named === 'string' && named !== '' && named.length <= MAX_LENGTH ? named : undefined;
}

function valueOf(raw: unknown, name: string): unknown {
  return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, name)
    ? (raw as Record<string, unknown>)[name]
    : undefined;
}
