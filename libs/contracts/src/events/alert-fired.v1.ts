/** An alert fired: it does so once, however long it lasts. Topic `analytics.alert-fired.v1`. */
export interface AlertFiredV1 {
  incidentId: string;
  alertId: string;
  /** As the tenant calls it. */
  alertName: string;
  appId: string;
  /** Only events of this type were counted; null: of all types. */
  eventType: string | null;
  /** What was counted: `events`, `users` or `sessions`. */
  metric: string;
  /** `threshold` or `anomaly`. */
  kind: string;
  windowMinutes: number;
  /** Which way it is off: `above` or `below`. */
  direction: string;
  value: number;
  /** The bound that was passed, or what is usual at that weekday and hour. */
  expected: number;
  /** Of an anomaly: robust deviations from what is usual. */
  score: number | null;
  /** The tenant's: whose weekday and hour it was. */
  timeZone: string;
  /** The window at which it fired; its end is not in it. */
  windowFrom: string;
  windowTo: string;
  firedAt: string;
  /** Whether everybody of the tenant is to be told. */
  notify: boolean;
}

export const alertFiredV1Example: AlertFiredV1 = {
  incidentId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6080',
  alertId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6081',
  alertName: 'Pagamentos fora do normal',
  appId: '019a2b3c-0000-7000-8000-00000000000a',
  eventType: 'payment_completed',
  metric: 'events',
  kind: 'anomaly',
  windowMinutes: 60,
  direction: 'below',
  value: 12,
  expected: 143.5,
  score: -7.25,
  timeZone: 'America/Sao_Paulo',
  windowFrom: '2026-11-22T11:00:00.000Z',
  windowTo: '2026-11-22T12:00:00.000Z',
  firedAt: '2026-11-22T12:01:02.000Z',
  notify: true,
};
