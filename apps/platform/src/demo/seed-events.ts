import { setTimeout as wait } from 'node:timers/promises';
import { demoEvents } from './demo-events';
import { expectStatus, post } from './demo-session';

/** As many events as one batch may carry. */
const BATCH = 100;
/** So long a new key may take to reach the collector. */
const KEY_KNOWN_WITHIN_MS = 15_000;
const ASK_AGAIN_MS = 100;
const PATH = '/api/v1/events/batch';

/**
 * Sends what the demo company's customers did. Sent again they are the same events, and counted once.
 * @returns how many the collector took
 * @throws Error when it refuses any of them
 */
export async function seedEvents(baseUrl: string, key: string, now: Date): Promise<number> {
  const events = demoEvents(now);
  const until = Date.now() + KEY_KNOWN_WITHIN_MS;
  for (let from = 0; from < events.length; from += BATCH) {
    const batch = events.slice(from, from + BATCH);
    let response = await send(baseUrl, key, batch);
    while ((response.status === 401 || response.status === 503) && Date.now() < until) {
      await wait(ASK_AGAIN_MS);
      response = await send(baseUrl, key, batch);
    }
    await expectStatus(response, 202);
    const { rejected } = (await response.json()) as { rejected: { code: string; message: string }[] };
    const [first] = rejected;
    if (first) throw new Error(`an event of the demo was rejected, ${first.code}: ${first.message}`);
  }
  return events.length;
}

function send(baseUrl: string, key: string, events: unknown[]): Promise<Response> {
  return post(baseUrl, PATH, { events }, { 'x-api-key': key });
}
