import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { call, eventually, expectCall } from '@libs/testing';

const DAY_MS = 86_400_000;
const EVENTS = '/api/v1/events';
const ANALYTICS = '/api/v1/analytics';
/** It goes through the log and the sinks, beside everything else that the machine does. */
const PATIENTLY = { within: 45_000, every: 100 };

interface Company {
  subdomain: string;
  tenantId: string;
  token: string;
}

/** Everything that can become of events: kept, counted, told, found, refused, exported and erased. */
export async function lifeOf(
  url: string,
  admin: Client,
  { subdomain, tenantId, token }: Company,
): Promise<void> {
  const user = `pessoa-da-${subdomain}`;
  const event = (daysAgo: number, event_type: string, properties: object, user_id = user) => ({
    event_id: randomUUID(),
    event_type,
    timestamp: new Date(Date.now() - daysAgo * DAY_MS).toISOString(),
    user: { user_id, device_id: randomUUID() },
    session: { session_id: randomUUID(), seq: 1 },
    context: { url: `https://${subdomain}.example/pagar` },
    properties,
    version: '1.0.0',
  });
  const payment = (daysAgo: number, amount: string) =>
    event(daysAgo, 'payment_completed', { amount, category: `lazer na ${subdomain}` });
  const events = [
    ...[8, 15, 22, 29, 36, 43, 50].map((daysAgo) => payment(daysAgo, '100.00')),
    payment(0, '900.00'),
    event(0, 'goal_completed', { name: `Meta da ${subdomain}` }),
    event(1, 'transfer_completed', { amount: '1.00' }, 'quem-sai'),
    event(1, 'transfer_completd', { amount: '1.00' }),
    // more than a quarter of an hour keeps one by one
    ...Array.from({ length: 9 }, () => event(2, 'page_view', { title: `Pagar à ${subdomain}` })),
  ];
  // by a key: a token's events are those of whoever it was given to
  const { key } = await expectCall<{ key: string }>(url, '/api/v1/keys', [201], {
    token,
    body: { name: 'Loja', scopes: ['events:write'] },
  });
  let used = 0;
  await eventually(async () => {
    const answer = await call(url, `${EVENTS}/batch`, { headers: { 'x-api-key': key }, body: { events } });
    if (answer.status !== 401) used += 1;
    expect(answer.status).toBe(202);
  }, PATIENTLY);
  await expectCall(url, `${EVENTS}/retention`, [200], {
    token,
    method: 'PUT',
    body: { months: 14, criticalMonths: 61 },
  });
  await eventually(() => has(`${EVENTS}?userId=quem-sai`), PATIENTLY);
  const erasure = await expectCall<{ erasureId: string }>(url, `${EVENTS}/users/quem-sai`, [202], {
    token,
    method: 'DELETE',
  });
  // every service that keeps events forgets the person, whichever was asked
  for (const service of [EVENTS, ANALYTICS])
    await eventually(async () => {
      const path = `${service}/erasures/${erasure.erasureId}`;
      expect(await expectCall(url, path, [200], { token })).toMatchObject({ status: 'completed' });
    }, PATIENTLY);
  await expectCall(url, `${EVENTS}/users/${user}/export`, [200], { token });
  for (const list of ['transactions', 'notifications', 'insights'])
    await eventually(() => has(`/api/v1/${list}`), PATIENTLY);
  await eventually(() => has(`${EVENTS}/rejected`));
  for (const action of ['retention_changed', 'person_erased', 'person_exported'])
    await eventually(() => has(`/api/v1/tenants/me/audit?action=events.${action}`));
  await beCounted(url, admin, { tenantId, token });
  // or they would go by themselves while somebody watches whether they stay
  await eventually(async () => {
    const { rows } = await admin.query('select from events.insight_due where tenant_id = $1', [tenantId]);
    expect(rows).toHaveLength(0);
  });
  await eventually(async () => {
    const counted = 'select sum(count)::int as count from auth.api_key_use where tenant_id = $1';
    expect((await admin.query(counted, [tenantId])).rows).toEqual([{ count: used }]);
  }, PATIENTLY);

  async function has(path: string): Promise<void> {
    const { items } = await expectCall<{ items: unknown[] }>(url, path, [200], { token });
    expect(items).not.toEqual([]);
  }
}

/** What the reports know of it: all that is made in the background has been made. */
async function beCounted(
  url: string,
  admin: Client,
  { tenantId, token }: Omit<Company, 'subdomain'>,
): Promise<void> {
  await expectCall(url, `${ANALYTICS}/users/quem-sai`, [202], { token, method: 'DELETE' });
  await eventually(async () => {
    const { rows } = await admin.query(BACKGROUND, [tenantId]);
    expect(rows).toEqual([{ months: 14, erasing: 0, rebuilding: 0 }]);
  }, PATIENTLY);
}

const BACKGROUND = `select
  (select months from analytics.retention where tenant_id = $1) as months,
  (select count(*)::int from analytics.erasure where tenant_id = $1 and status <> 'completed') as erasing,
  (select count(*)::int from analytics.rebuild_day where tenant_id = $1) as rebuilding`;
