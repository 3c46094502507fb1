const EVENT = /^event\.(?:\*|[a-z][a-z0-9_]{0,63})$/;
const ALERTS: readonly string[] = ['alert.fired', 'alert.resolved', 'alert.*'];

/** What a webhook may ask to be told of: events of a type or of all, alerts. */
export function canBeTold(event: string): boolean {
  return EVENT.test(event) || ALERTS.includes(event);
}
