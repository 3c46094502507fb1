import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { stored } from './event-ledger';
import { EventPlan, Expected } from './event-plan';

/** Each is filled by a consumer of its own, or after another. */
const STORES = ['critical', 'notifications', 'raw', 'rolledUp'] as const;

/**
 * Waits until the stores hold what they must, and then looks whether they still hold no more: a repetition that is
 * counted late would show. Resolves with what they hold in the end, whether or not that is right.
 * @param patienceMs without any news
 */
export async function settled(
  connect: () => Promise<Client>,
  tenantId: string,
  plan: EventPlan,
  patienceMs: number,
): Promise<{ expected: Expected; found: Omit<Expected, 'events'> }> {
  const expected = plan.expected();
  const admin = await connect();
  try {
    let found = await stored(admin, tenantId);
    for (let quietSince = Date.now(); !complete(found, expected) && Date.now() - quietSince < patienceMs;) {
      await sleep(500);
      const now = await stored(admin, tenantId);
      if (STORES.some((store) => now[store] !== found[store])) quietSince = Date.now();
      found = now;
    }
    await sleep(1_000);
    return { expected, found: await stored(admin, tenantId) };
  } finally {
    await admin.end();
  }
}

function complete(found: Omit<Expected, 'events'>, expected: Expected): boolean {
  return STORES.every((store) => found[store] >= expected[store]);
}
