import { Client } from 'pg';
import { AnalyticsDatabase } from '../../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../../test/tracked-event.builder';
import { StoreEvents } from '../../application/store-events';

const APP = '019a2b3c-0000-7000-8000-00000000000a';
const [tenantId, other] = [aTenant(), aTenant()];

let database: AnalyticsDatabase;
let admin: Client;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  const worker = await database.worker();
  for (const tenant of [tenantId, other])
    for (let start = 0; start < 4_000; start += 2_000)
      await worker.get(StoreEvents).execute(
        Array.from({ length: 2_000 }, (_, n) =>
          aTrackedEvent({
            tenantId: tenant,
            timestamp: new Date(Date.now() - (start + n) * 300_000).toISOString(),
            eventType: `type_${n % 20}`,
            userId: `user-${n % 500}`,
            sessionId: `session-${n % 700}`,
            properties: { order: start + n },
          }),
        ),
      );
  await admin.query('vacuum analyze analytics.events, analytics.sessions, analytics.quarter_rollup');
});
afterAll(() => database?.close());

/** As the owner: what row-level security adds, the policies' specs show. */
async function plan(sql: string, params: unknown[]): Promise<string> {
  const { rows } = await admin.query<Record<string, string>>(`explain (costs off) ${sql}`, params);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const since = () => new Date(Date.now() - 3 * 86_400_000);

describe('the raw events', () => {
  it.each([
    [
      'by application, type and time',
      `select count(*) from analytics.events where tenant_id = $1 and app_id = '${APP}' and event_type = 'type_3' and occurred_at >= $2`,
      /Scan.* (using|on) events_\d{4}_\d{2}_tenant_id_app_id_event_type_occurred_at/,
    ],
    [
      'by user',
      `select * from analytics.events where tenant_id = $1 and user_id = 'user-7' and occurred_at >= $2 order by occurred_at desc limit 20`,
      /Scan.* (using|on) events_\d{4}_\d{2}_tenant_id_user_id_occurred_at/,
    ],
    [
      'by session',
      `select * from analytics.events where tenant_id = $1 and session_id = 'session-7' and occurred_at >= $2`,
      /Scan.* (using|on) events_\d{4}_\d{2}_tenant_id_session_id_occurred_at/,
    ],
    [
      'by what their metadata contain',
      `select * from analytics.events where tenant_id = $1 and metadata @> '{"order": 77}' and occurred_at >= $2`,
      /Bitmap Index Scan on events_\d{4}_\d{2}_metadata_idx/,
    ],
  ])('are found %s by an index', async (_, sql, index) => {
    expect(await plan(sql, [tenantId, since()])).toMatch(index);
  });

  it('are looked for in the months of the question alone', async () => {
    const told = await plan(
      `select * from analytics.events where tenant_id = $1 and event_id = gen_random_uuid() and "timestamp" = $2`,
      [tenantId, new Date()],
    );
    const month = new Date().toISOString().slice(0, 7).replace('-', '_');
    expect(told.match(/on events_\d{4}_\d{2}\b/g)).toEqual([`on events_${month}`]);
  });

  it('give a visitor’s latest session without a look at the history', async () => {
    const told = await plan(
      `select * from analytics.sessions where tenant_id = $1 and app_id = '${APP}' and visitor = 5 and started_at < $2`,
      [tenantId, new Date()],
    );
    expect(told).toMatch(/Scan using sessions_pkey/);
  });
});
