/**
 * Points of the posting path where a crash must lose nothing and double nothing. A crash test names one in
 * MONEYFLOW_FAILPOINT (`worker.before-commit`, or `worker.before-commit:3` for the third passage) and the process
 * kills itself there, as if the power had gone. Unset, a failpoint costs one comparison.
 */
export const POSTING_FAILPOINTS = [
  'api.before-send',
  'api.after-send',
  'worker.before-receive',
  'worker.after-receive',
  'worker.before-insert',
  'worker.after-insert',
  'worker.before-commit',
  'worker.after-commit',
  'worker.before-delete',
  'worker.after-delete',
  'relay.before-claim',
  'relay.after-claim',
  'relay.before-publish',
  'relay.after-publish',
  'relay.before-mark',
  'relay.after-mark',
  'consumer.before-consume',
  'consumer.after-consume',
  'consumer.before-commit',
  'consumer.after-commit',
  'consumer.before-offset',
  'consumer.after-offset',
] as const;

/** The same of the path of tracked events; their sinks pass the points of a consumer, too. */
export const EVENT_FAILPOINTS = [
  'collector.before-append',
  'collector.after-append',
  'sink.before-store',
  'sink.before-commit',
  'sink.after-commit',
] as const;

/** The same of what analytics makes of them. */
export const ANALYTICS_FAILPOINTS = [
  'analytics.before-store',
  'analytics.before-commit',
  'analytics.after-commit',
] as const;

/** The same of alerts that are judged. */
export const ALERT_FAILPOINTS = ['alerts.before-commit', 'alerts.after-commit'] as const;

/** The same of outgoing webhooks. */
export const WEBHOOK_FAILPOINTS = ['webhooks.after-claim', 'webhooks.after-send'] as const;

export const FAILPOINTS = [
  ...POSTING_FAILPOINTS,
  ...EVENT_FAILPOINTS,
  ...ANALYTICS_FAILPOINTS,
  ...ALERT_FAILPOINTS,
  ...WEBHOOK_FAILPOINTS,
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

const [armed, passage = '1'] = (process.env['MONEYFLOW_FAILPOINT'] ?? '').split(':');
let remaining = Number(passage);

export function failpoint(name: Failpoint): void {
  if (name === armed && --remaining === 0) process.kill(process.pid, 'SIGKILL');
}
