import { setTimeout as wait } from 'node:timers/promises';
import { DemoSession, expectStatus } from './demo-session';

const ALERTS = '/api/v1/analytics/alerts';
/** So long it may take until analytics knows a new company's application. */
const APP_KNOWN_WITHIN_MS = 15_000;
const ASK_AGAIN_MS = 200;

/** What a company of this kind would want to be woken for. */
const ALERT = {
  name: 'Pagamentos fora do normal',
  eventType: 'payment_completed',
  metric: 'events',
  condition: { kind: 'anomaly', windowMinutes: 1_440, sensitivity: 'medium', direction: 'both' },
};

/** Makes the demo company's alert, unless it has one. @throws Error when the API refuses */
export async function seedAlert(session: DemoSession): Promise<void> {
  const listed = await session.get(ALERTS);
  await expectStatus(listed, 200);
  const { items } = (await listed.json()) as { items: unknown[] };
  if (items.length > 0) return;
  const until = Date.now() + APP_KNOWN_WITHIN_MS;
  let response = await session.post(ALERTS, ALERT);
  while (response.status === 503 && Date.now() < until) {
    await wait(ASK_AGAIN_MS);
    response = await session.post(ALERTS, ALERT);
  }
  await expectStatus(response, 201);
}
