import { Client } from 'pg';
import { ALERT_FAILPOINTS, newId } from '@libs/kernel';
import { eventLogSchema } from '@libs/messaging';
import { AppProcess, eventually, testDatabase, TestDatabase } from '@libs/testing';
import { analyticsSchema } from '../src/analytics.schema';
import { launchRollup } from './rollup-process';
import { aTenant } from './tracked-event.builder';

const ALERTS = 12;
const tenantId = aTenant();
const appId = newId();

let database: TestDatabase;
let admin: Client;

beforeAll(async () => {
  database = await testDatabase([analyticsSchema, eventLogSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `insert into analytics.quarter_rollup (tenant_id, app_id, event_type, bucket, events, users, sessions)
     select $1, $2, '*', bucket, 100, '\\x01', '\\x01' from generate_series(date_trunc('hour', now()) - interval '3 hours', now(), '15 minutes') bucket`,
    [tenantId, appId],
  );
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

function launch(failpoint?: string): Promise<AppProcess> {
  return launchRollup(database, { ...(failpoint && { MONEYFLOW_FAILPOINT: failpoint }) });
}

/** Alerts that fire at the window that ended last. */
async function alertsAreMade(): Promise<void> {
  await admin.query(
    `insert into analytics.alert (tenant_id, id, app_id, name, metric, condition, notify, enabled, revision, state, quiet, due_at,
       created_by, created_at, updated_at)
     select $1, gen_random_uuid(), $2, 'Acessos demais', 'events', '{"kind":"threshold","windowMinutes":15,"above":10}', true, true, 1,
       'learning', 0, now(), gen_random_uuid(), now(), now() from generate_series(1, $3)`,
    [tenantId, appId, ALERTS],
  );
}

describe('the worker, killed while it judges alerts', () => {
  it('fires each of them once, whichever point it dies at', async () => {
    await alertsAreMade();
    for (const point of ALERT_FAILPOINTS) {
      // not at the first alert: some of them are done then
      const armed = await launch(`${point}:3`);
      await armed.ended();
      expect([point, armed.signal]).toEqual([point, 'SIGKILL']);
    }
    const workers = [await launch(), await launch()];
    await eventually(
      async () => {
        const { rows } = await admin.query('select 1 from analytics.alert where state = $1', ['firing']);
        expect(rows).toHaveLength(ALERTS);
      },
      { within: 30_000 },
    );
    await Promise.all(workers.map((worker) => worker.stop()));
    const { rows } = await admin.query(
      `select (select count(*)::int from analytics.alert_incident) as incidents,
         (select count(distinct alert_id)::int from analytics.alert_incident) as alerts,
         (select sum(message_count)::int from analytics.outbox where topic = 'analytics.alert-fired.v1') as told,
         (select count(*)::int from analytics.alert a where not exists (
           select from analytics.alert_incident i where i.tenant_id = a.tenant_id and i.id = a.incident_id)) as lost`,
    );
    expect(rows).toEqual([{ incidents: ALERTS, alerts: ALERTS, told: ALERTS, lost: 0 }]);
  }, 120_000);
});
