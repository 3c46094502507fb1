import { maskJson, maskText } from '@libs/kernel';
import { ToldEvent } from './tracked-event';

/**
 * The event with its texts masked and its secrets removed; its ids, types and times are not looked at, nor `ip`.
 * The same object where there was nothing: the one given is never changed.
 */
export function freeOfPersonalData(event: ToldEvent): ToldEvent {
  const context = maskContext(event.context);
  const properties = maskJson(event.properties) as ToldEvent['properties'];
  const version = event.version === undefined ? undefined : maskText(event.version);
  if (context === event.context && properties === event.properties && version === event.version) return event;
  return { ...event, context, properties, ...(version === undefined ? {} : { version }) };
}

function maskContext(context: ToldEvent['context']): ToldEvent['context'] {
  let masked = context;
  for (const name of ['url', 'referrer', 'userAgent', 'timezone', 'locale'] as const) {
    const text = context[name];
    if (text === undefined) continue;
    const by = maskText(text);
    if (by === text) continue;
    if (masked === context) masked = { ...context };
    masked[name] = by;
  }
  return masked;
}
