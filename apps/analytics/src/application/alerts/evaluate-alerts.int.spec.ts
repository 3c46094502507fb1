import { Client } from 'pg';
import { EnqueueDeliveries, newId, Outbox, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import { Analytics, AnalyticsDatabase } from '../../../test/analytics-database';
import { aTrackedEvent } from '../../../test/tracked-event.builder';
import { alerting } from '../../alerting.wiring';
import { ConditionClaim, Metric } from '../../domain/alert-rule';
import { PostgresAlertRepository } from '../../infrastructure/postgres/postgres-alert.repository';
import { PostgresTenantZones } from '../../infrastructure/postgres/postgres-tenant-zones';
import { EvaluateAlertsSchedule } from '../../interfaces/schedule/evaluate-alerts.schedule';
import { PurgeIncidentsSchedule } from '../../interfaces/schedule/purge-incidents.schedule';
import { StoreEvents } from '../store-events';
import { TenantZones } from '../tenant-zones';
import { AlertCounts } from './alert-counts';
import { AlertRepository } from './alert.repository';
import { ChangeAlert } from './change-alert';
import { CreateAlert } from './create-alert';
import { DueAlerts } from './due-alerts';
import { AlertsNotJudged, EvaluateAlerts } from './evaluate-alerts';
import { IncidentStore } from './incident.store';
import { LogLag } from './log-lag';
import { OldIncidents } from './old-incidents';
import { TellIncident } from './tell-incident';

const SCHEDULES = new Set<unknown>([EvaluateAlertsSchedule, PurgeIncidentsSchedule]);
const APP = newId();
const BY = newId<UserId>();
/** A Wednesday at noon in São Paulo, by no clock of this machine: everything is due all the time. */
const NOON = new Date('2026-03-11T15:01:30.000Z');
const QUARTER = 900_000;
const PER_QUARTER = 100;

let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;
let api: Analytics;
let clock: FixedClock;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker(...alerting.providers.filter((provider) => !SCHEDULES.has(provider)), {
    provide: TenantZones,
    useClass: PostgresTenantZones,
  });
  api = await database.api({ provide: AlertRepository, useClass: PostgresAlertRepository });
}, 60_000);
afterAll(() => database?.close());
beforeEach(async () => {
  clock = new FixedClock(NOON);
  await admin.query('delete from analytics.alert');
});

class Lag extends LogLag {
  constructor(private readonly ms: number | undefined) {
    super();
  }

  oldestUnreadMs(): Promise<number | undefined> {
    return Promise.resolve(this.ms);
  }
}

function evaluator(lag: number | 'unknown' = 0): EvaluateAlerts {
  return new EvaluateAlerts(
    worker.get(TenantTransaction),
    worker.get(DueAlerts),
    worker.get(AlertCounts),
    worker.get(TenantZones),
    new TellIncident(worker.get(IncidentStore), worker.get(Outbox), worker.get(EnqueueDeliveries)),
    new Lag(lag === 'unknown' ? undefined : lag),
    clock,
  );
}

/** Time goes on to the next quarter. */
async function nextQuarter(lag = 0): Promise<void> {
  clock.advance({ minutes: 15 });
  await evaluator(lag).execute();
}

/** A company whose traffic is the same each quarter, for so many weeks until an hour after now. */
async function aCompany(weeks = 9): Promise<TenantId> {
  const tenantId = newId<TenantId>();
  await admin.query(
    `insert into analytics.quarter_rollup (tenant_id, app_id, event_type, bucket, events, users, sessions)
     select $1, $2, '*', bucket, $5, '\\x01', '\\x01'
     from generate_series($3::timestamptz - make_interval(weeks => $4), $3::timestamptz + interval '12 hours', '15 minutes') bucket`,
    [tenantId, APP, new Date(Math.floor(NOON.getTime() / QUARTER) * QUARTER), weeks, PER_QUARTER],
  );
  return tenantId;
}

/** Another number of events in quarters, counted from the one that ended last: 0, -1, … or coming: 1, 2, … */
async function happened(tenantId: TenantId, events: number, ...quarters: number[]): Promise<void> {
  const buckets = quarters.map((n) => new Date((Math.floor(NOON.getTime() / QUARTER) - 1 + n) * QUARTER));
  await admin.query(
    'update analytics.quarter_rollup set events = $3 where tenant_id = $1 and bucket = any ($2::timestamptz[])',
    [tenantId, buckets, events],
  );
}

interface Wanted {
  metric?: Metric;
  condition?: Partial<ConditionClaim>;
  notify?: boolean;
}

const above = (bound: number): ConditionClaim => ({ kind: 'threshold', windowMinutes: 15, above: bound });

async function anAlert(tenantId: TenantId, { metric = 'events', condition, notify = true }: Wanted = {}) {
  const create = new CreateAlert(api.transaction, api.get(AlertRepository), api.get(Outbox), clock);
  const alert = await api.as(tenantId, () =>
    create.execute({
      tenantId,
      by: BY,
      name: 'Fora do normal',
      appId: APP,
      metric,
      condition: { ...above(500), ...condition },
      notify,
      enabled: true,
    }),
  );
  return alert.id;
}

function changing(): ChangeAlert {
  return new ChangeAlert(api.transaction, api.get(AlertRepository), api.get(Outbox), clock);
}

async function stateOf(tenantId: TenantId, id: string) {
  const { rows } = await admin.query<{
    state: string;
    judged_to: Date;
    value: string;
    expected: number | null;
  }>('select state, judged_to, value, expected from analytics.alert where tenant_id = $1 and id = $2', [
    tenantId,
    id,
  ]);
  return rows[0];
}

async function incidentsOf(tenantId: TenantId) {
  const { rows } = await admin.query<{
    id: string;
    direction: string;
    value: string;
    resolution: string | null;
  }>(
    'select id, direction, value, resolution from analytics.alert_incident where tenant_id = $1 order by window_to, id',
    [tenantId],
  );
  return rows.map(({ direction, value, resolution }) => ({ direction, value: Number(value), resolution }));
}

/** Facts of the outbox, in the order in which they were told. */
async function toldOf(tenantId: TenantId) {
  const { rows } = await admin.query<{ messages: { type: string; payload: Record<string, unknown> }[] }>(
    `select messages from analytics.outbox where tenant_id = $1 and topic like 'analytics.alert-%' order by id`,
    [tenantId],
  );
  return rows.flatMap(({ messages }) => messages);
}

describe('an alert', () => {
  it('fires once, however long it lasts, and is over after two calm windows', async () => {
    const tenantId = await aCompany();
    const id = await anAlert(tenantId);
    await happened(tenantId, 501, 1, 2, 4);
    await evaluator().execute();
    expect(await stateOf(tenantId, id)).toMatchObject({ state: 'ok', value: '100', expected: 500 });
    const states: (string | undefined)[] = [];
    for (let quarter = 1; quarter <= 7; quarter += 1) {
      await nextQuarter();
      states.push((await stateOf(tenantId, id))?.state);
    }
    expect(states).toEqual(['firing', 'firing', 'firing', 'firing', 'firing', 'ok', 'ok']);
    expect(await incidentsOf(tenantId)).toEqual([{ direction: 'above', value: 501, resolution: 'calm' }]);
    const [fired, resolved, ...more] = await toldOf(tenantId);
    expect(more).toEqual([]);
    expect(fired).toMatchObject({
      type: 'analytics.alert-fired.v1',
      payload: {
        alertId: id,
        alertName: 'Fora do normal',
        value: 501,
        expected: 500,
        score: null,
        notify: true,
      },
    });
    expect(resolved).toMatchObject({
      type: 'analytics.alert-resolved.v1',
      payload: { incidentId: fired?.payload['incidentId'], resolution: 'calm', resolvedValue: 100 },
    });
  });

  it('of what is usual fires for a drop at that hour, and learns until there are four weeks', async () => {
    const condition: ConditionClaim = {
      kind: 'anomaly',
      windowMinutes: 60,
      sensitivity: 'medium',
      direction: 'both',
    };
    const [known, young] = [await aCompany(), await aCompany(3)];
    for (const tenantId of [known, young]) await happened(tenantId, 20, 0, -1, -2, -3);
    const create = async (tenantId: TenantId) => {
      const create = new CreateAlert(api.transaction, api.get(AlertRepository), api.get(Outbox), clock);
      const made = await api.as(tenantId, () =>
        create.execute({
          tenantId,
          by: BY,
          name: 'Queda',
          appId: APP,
          metric: 'events',
          condition,
          notify: true,
          enabled: true,
        }),
      );
      return made.id;
    };
    const ids = [await create(known), await create(young)];
    await evaluator().execute();
    expect(await stateOf(known, ids[0] ?? '')).toMatchObject({ state: 'firing', value: '80', expected: 400 });
    expect(await stateOf(young, ids[1] ?? '')).toMatchObject({
      state: 'learning',
      value: '80',
      expected: null,
    });
    expect(await incidentsOf(known)).toEqual([{ direction: 'below', value: 80, resolution: null }]);
    const [fired] = await toldOf(known);
    expect(fired?.payload['score']).toBeLessThan(-4.5);
    expect(fired?.payload['timeZone']).toBe('America/Sao_Paulo');
  });

  it('says nothing below a bound before its application had an event', async () => {
    const tenantId = newId<TenantId>();
    const condition = { above: undefined, below: 10 };
    const id = await anAlert(tenantId, { condition });
    await evaluator().execute();
    expect(await stateOf(tenantId, id)).toMatchObject({ state: 'learning', value: '0' });
    expect(await incidentsOf(tenantId)).toEqual([]);
  });

  it('is not unfired by events that come late', async () => {
    const tenantId = await aCompany();
    await happened(tenantId, 5, 0);
    const id = await anAlert(tenantId, { condition: { above: undefined, below: 50 } });
    await evaluator().execute();
    await happened(tenantId, 100, 0);
    await evaluator().execute();
    expect(await stateOf(tenantId, id)).toMatchObject({ state: 'firing', value: '5' });
    expect(await incidentsOf(tenantId)).toEqual([{ direction: 'below', value: 5, resolution: null }]);
  });

  it('counts a visitor of two quarters once', async () => {
    const tenantId = newId<TenantId>();
    const at = (minutes: number) => new Date(NOON.getTime() - minutes * 60_000).toISOString();
    await worker.get(StoreEvents).execute(
      [20, 35, 35, 50].map((minutes, n) =>
        aTrackedEvent({
          tenantId,
          appId: APP,
          timestamp: at(minutes),
          userId: n === 3 ? 'outra' : 'uma',
          sessionId: `s${n}`,
        }),
      ),
    );
    const condition = { windowMinutes: 60, above: 0 };
    const ids = [
      await anAlert(tenantId, { metric: 'users', condition }),
      await anAlert(tenantId, { metric: 'sessions', condition }),
      await anAlert(tenantId, { metric: 'events', condition }),
    ];
    await evaluator().execute();
    const values = await Promise.all(ids.map(async (id) => (await stateOf(tenantId, id))?.value));
    expect(values).toEqual(['2', '4', '4']);
  });
});

describe('judging alerts', () => {
  it('waits while the log is behind, or nobody knows whether it is', async () => {
    const tenantId = await aCompany();
    const id = await anAlert(tenantId);
    await evaluator('unknown').execute();
    await evaluator(120_000).execute();
    expect((await stateOf(tenantId, id))?.judged_to).toBeNull();
    await evaluator(20_000).execute();
    expect((await stateOf(tenantId, id))?.judged_to).toEqual(new Date('2026-03-11T15:00:00.000Z'));
  });

  it('makes up for windows that were missed, one after the other, for a day at most', async () => {
    const tenantId = await aCompany();
    const id = await anAlert(tenantId);
    await happened(tenantId, 900, 3);
    await evaluator().execute();
    clock.advance({ hours: 3 });
    expect(await evaluator().execute()).toBe(12);
    expect(await incidentsOf(tenantId)).toEqual([{ direction: 'above', value: 900, resolution: 'calm' }]);
    clock.advance({ days: 3 });
    expect(await evaluator().execute()).toBe(97);
    expect((await stateOf(tenantId, id))?.judged_to).toEqual(new Date('2026-03-14T18:00:00.000Z'));
  });

  it('is done once a window by however many workers at once', async () => {
    const tenants = await Promise.all(Array.from({ length: 4 }, () => aCompany(1)));
    for (const tenantId of tenants) {
      await happened(tenantId, 900, 0, 1, 2);
      for (let n = 0; n < 10; n += 1) await anAlert(tenantId);
    }
    const judged = await Promise.all(Array.from({ length: 6 }, () => evaluator().execute()));
    expect(judged.reduce((sum, one) => sum + one, 0)).toBe(40);
    clock.advance({ minutes: 30 });
    await Promise.all(Array.from({ length: 6 }, () => evaluator().execute()));
    for (const tenantId of tenants) {
      expect(await incidentsOf(tenantId)).toHaveLength(10);
      expect((await toldOf(tenantId)).map(({ type }) => type)).toEqual(
        Array(10).fill('analytics.alert-fired.v1'),
      );
    }
  });

  it('goes on with the others when one cannot be judged, and tries that one again', async () => {
    const [broken, well] = [await aCompany(1), await aCompany(1)];
    const ids = [await anAlert(broken, { metric: 'users' }), await anAlert(well)];
    await admin.query(String.raw`update analytics.quarter_rollup set users = '\xff00' where tenant_id = $1`, [
      broken,
    ]);
    await expect(evaluator().execute()).rejects.toThrow(AlertsNotJudged);
    expect(await stateOf(well, ids[1] ?? '')).toMatchObject({ state: 'ok' });
    const { rows } = await admin.query<{ later: boolean }>(
      'select due_at > now() as later from analytics.alert where tenant_id = $1',
      [broken],
    );
    expect(rows).toEqual([{ later: true }]);
  });

  it('has webhooks told that want it, once', async () => {
    const tenantId = await aCompany();
    const webhookId = newId();
    await admin.query(
      `insert into analytics.webhook (tenant_id, id, url, events, secret, created_by)
       values ($1, $2, 'https://loja.example/avisos', '{alert.fired,alert.resolved}', 'sealed', $3)`,
      [tenantId, webhookId, BY],
    );
    await happened(tenantId, 900, 0);
    await anAlert(tenantId, { notify: false });
    await evaluator().execute();
    for (let n = 0; n < 3; n += 1) await nextQuarter();
    const { rows } = await admin.query(
      `select type, subject->>'incidentId' = (select id::text from analytics.alert_incident where tenant_id = $1) as told
       from analytics.webhook_delivery where tenant_id = $1 order by id`,
      [tenantId],
    );
    expect(rows).toEqual([
      { type: 'alert.fired', told: true },
      { type: 'alert.resolved', told: true },
    ]);
    expect((await toldOf(tenantId)).map(({ payload }) => payload['notify'])).toEqual([false, false]);
  });
});

describe('incidents', () => {
  it('go 400 days after they were over, of all tenants; what is younger or goes on stays', async () => {
    const tenants = [newId<TenantId>(), newId<TenantId>()];
    for (const tenantId of tenants)
      for (const [days, over] of [
        [401, true],
        [399, true],
        [500, false],
      ] as const)
        await admin.query(
          `insert into analytics.alert_incident (tenant_id, id, alert_id, alert_revision, app_id, alert_name, metric, condition, notify,
             time_zone, window_from, window_to, direction, value, expected, fired_at, resolved_at, resolution)
           select $1, gen_random_uuid(), gen_random_uuid(), 1, $2, 'Antigo', 'events', '{}', true, 'UTC', at, at, 'above', $3, 1, at,
             case when $4 then at end, case when $4 then 'calm' end
           from (select now() - make_interval(days => $3) as at) as old`,
          [tenantId, APP, days, over],
        );
    expect(await worker.get(OldIncidents).purge(1)).toBe(1);
    expect(await worker.get(OldIncidents).purge(100)).toBe(1);
    expect(await worker.get(OldIncidents).purge(100)).toBe(0);
    for (const tenantId of tenants)
      expect((await incidentsOf(tenantId)).map(({ value }) => value).sort()).toEqual([399, 500]);
  });
});

describe('what fires and is changed', () => {
  async function firing() {
    const tenantId = await aCompany();
    await happened(tenantId, 900, 0, 1);
    const id = await anAlert(tenantId);
    await evaluator().execute();
    return { tenantId, id };
  }

  it('is over where it watches something else, and begins anew', async () => {
    const { tenantId, id } = await firing();
    const condition = above(800);
    await api.as(tenantId, () => changing().execute({ tenantId, id, by: BY, changes: { condition } }));
    await evaluator().execute();
    expect(await incidentsOf(tenantId)).toEqual([
      { direction: 'above', value: 900, resolution: 'changed' },
      { direction: 'above', value: 900, resolution: null },
    ]);
    expect(await stateOf(tenantId, id)).toMatchObject({ state: 'firing', expected: 800 });
  });

  it('goes on where only its name is another', async () => {
    const { tenantId, id } = await firing();
    await api.as(tenantId, () =>
      changing().execute({ tenantId, id, by: BY, changes: { name: 'Outro nome' } }),
    );
    await evaluator().execute();
    expect(await incidentsOf(tenantId)).toEqual([{ direction: 'above', value: 900, resolution: null }]);
  });

  it('is over when it is disabled, and silent until it is enabled', async () => {
    const { tenantId, id } = await firing();
    await api.as(tenantId, () => changing().execute({ tenantId, id, by: BY, changes: { enabled: false } }));
    for (let n = 0; n < 3; n += 1) await nextQuarter();
    expect(await incidentsOf(tenantId)).toEqual([{ direction: 'above', value: 900, resolution: 'disabled' }]);
    await api.as(tenantId, () => changing().execute({ tenantId, id, by: BY, changes: { enabled: true } }));
    await evaluator().execute();
    expect(await stateOf(tenantId, id)).toMatchObject({ state: 'ok' });
  });

  it('is over and gone when it is deleted; what was told stays known', async () => {
    const { tenantId, id } = await firing();
    await api.as(tenantId, () => changing().delete({ tenantId, id, by: BY }));
    expect(await api.as(tenantId, () => api.get(AlertRepository).find(tenantId, id))).toBeUndefined();
    await evaluator().execute();
    expect(await stateOf(tenantId, id)).toBeUndefined();
    expect(await incidentsOf(tenantId)).toEqual([{ direction: 'above', value: 900, resolution: 'deleted' }]);
    expect((await toldOf(tenantId)).at(-1)?.payload).toMatchObject({
      resolution: 'deleted',
      resolvedValue: null,
    });
  });

  it('is judged by what it is, whoever changes it in between', async () => {
    const tenantId = await aCompany(1);
    const ids = await Promise.all(Array.from({ length: 8 }, () => anAlert(tenantId)));
    const changes = ids.flatMap((id, n) =>
      [0, 1, 2].map(() =>
        api.as(tenantId, () =>
          n % 2 === 0
            ? changing().execute({ tenantId, id, by: BY, changes: { condition: above(n + 1) } })
            : changing().execute({ tenantId, id, by: BY, changes: { enabled: false } }),
        ),
      ),
    );
    await Promise.all([...changes, evaluator().execute(), evaluator().execute(), evaluator().execute()]);
    await evaluator().execute();
    const { rows } = await admin.query<{ enabled: boolean; open: string; state: string }>(
      `select a.enabled, a.state, (select count(*) from analytics.alert_incident i
         where i.tenant_id = a.tenant_id and i.alert_id = a.id and i.resolved_at is null) as open
       from analytics.alert a where tenant_id = $1`,
      [tenantId],
    );
    for (const { enabled, open, state } of rows)
      expect({ open, state }).toEqual(
        enabled ? { open: '1', state: 'firing' } : { open: '0', state: 'learning' },
      );
  });
});
