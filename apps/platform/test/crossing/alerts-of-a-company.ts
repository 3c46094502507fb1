import { Client } from 'pg';
import { eventually, expectCall } from '@libs/testing';

const ALERTS = '/api/v1/analytics/alerts';
/** An alert is judged within seconds, and what it says goes through the log. */
const PATIENTLY = { within: 45_000, every: 100 };

/** Waits until every alert fired; then disables them, so that none is judged again while somebody watches the rows. */
export async function alertsHaveFired(
  url: string,
  admin: Client,
  { tenantId, token }: { tenantId: string; token: string },
): Promise<void> {
  const all = async () =>
    (await expectCall<{ items: { id: string; state: string }[] }>(url, ALERTS, [200], { token })).items;
  await eventually(
    async () => expect((await all()).filter(({ state }) => state !== 'firing')).toEqual([]),
    PATIENTLY,
  );
  const alerts = await all();
  for (const { id } of alerts)
    await expectCall(url, `${ALERTS}/${id}`, [200], { token, method: 'PATCH', body: { enabled: false } });
  await eventually(async () => {
    const { rows } = await admin.query<{ open: number; told: number }>(COUNTS, [tenantId]);
    expect(rows).toEqual([{ open: 0, told: 2 * alerts.length }]);
  }, PATIENTLY);
}

const COUNTS = `select
  (select count(*)::int from analytics.alert where tenant_id = $1 and incident_id is not null) as open,
  (select count(*)::int from events.notifications where tenant_id = $1 and type = 'alert') as told`;
