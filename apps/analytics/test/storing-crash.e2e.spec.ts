import { Client } from 'pg';
import { topics, TrackedEventV1 } from '@libs/contracts';
import { ANALYTICS_FAILPOINTS, EventPublisher, Failpoint, newId } from '@libs/kernel';
import { eventLogSchema, eventPublisher } from '@libs/messaging';
import { AppProcess, eventually, testDatabase, TestDatabase } from '@libs/testing';
import { rebuildConfig } from '../src/analytics.config';
import { analyticsSchema } from '../src/analytics.schema';
import { rebuild } from '../src/rebuild';
import { launchRollup } from './rollup-process';
import { aTenant, aTrackedEvent } from './tracked-event.builder';

const PER_MESSAGE = 20;
const MESSAGES = 60;
const POINTS: readonly Failpoint[] = [...ANALYTICS_FAILPOINTS, 'consumer.before-offset'];
const TABLES = ['events', 'quarter_rollup', 'quarter_dimension', 'sessions', 'touched_day', 'app_state'];

let database: TestDatabase;
let admin: Client;
let publisher: EventPublisher & { close(): Promise<void> };
const tenantId = aTenant();

beforeAll(async () => {
  database = await testDatabase([analyticsSchema, eventLogSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `insert into analytics.retention (tenant_id, months, kept_from, changed_at) values ($1, 13, '2020-01-01', now())`,
    [tenantId],
  );
  publisher = eventPublisher({ eventLogUrl: database.urlFor('event_log') });
});
afterAll(async () => {
  await publisher?.close();
  await admin?.end();
  await database?.drop();
});

function launch(failpoint?: string): Promise<AppProcess> {
  return launchRollup(database, { ...(failpoint && { MONEYFLOW_FAILPOINT: failpoint }) });
}

let told = 0;

/** Puts messages of new events on the log, each message twice: carriers may. */
async function publish(messages: number): Promise<void> {
  const values = Array.from({ length: messages }, () => {
    const envelope = {
      id: newId(),
      type: topics.events,
      version: 1,
      tenantId,
      occurredAt: new Date().toISOString(),
      requestId: newId(),
      payload: { events: Array.from({ length: PER_MESSAGE }, () => anEvent(told++)) },
    };
    return { key: tenantId, value: JSON.stringify(envelope) };
  });
  await publisher.publish(topics.events, [...values, ...values]);
}

function anEvent(n: number): TrackedEventV1 {
  const { tenantId: _, ...event } = aTrackedEvent({
    tenantId,
    timestamp: new Date(Date.now() - (n % 40) * 600_000).toISOString(),
    userId: `user-${n % 17}`,
    sessionId: `session-${n % 17}`,
    eventType: n % 3 ? 'page_view' : 'click',
  });
  return event;
}

/** Whether the worker has acknowledged all that is on the log. */
async function read(): Promise<boolean> {
  const { rows } = await admin.query<{ all: boolean }>(
    `select position >= (select max(position) from event_log.batch where topic = $1) as all
     from event_log.group_offset where topic = $1`,
    [topics.events],
  );
  return rows[0]?.all ?? false;
}

async function everything(): Promise<string[]> {
  const all = [];
  for (const table of TABLES) {
    const { rows } = await admin.query<{ row: string }>(
      `select to_jsonb(t)::text as row from analytics.${table} t order by 1`,
    );
    all.push(...rows.map(({ row }) => row));
  }
  return all;
}

describe('the worker, killed while events come in', () => {
  it('counts each event once, whichever point it dies at, and nothing when the whole log comes again', async () => {
    await publish(MESSAGES / 2);
    for (const point of POINTS) {
      const armed = await launch(point);
      await publish(MESSAGES / 2 / POINTS.length);
      await armed.ended();
      expect([point, armed.signal]).toEqual([point, 'SIGKILL']);
    }
    const worker = await launch();
    await eventually(async () => expect(await read()).toBe(true), { within: 30_000 });
    await worker.stop();
    const { rows } = await admin.query(
      `select (select count(*)::int from analytics.events) as raw,
         (select sum(events)::int from analytics.quarter_rollup where event_type = '*') as counted,
         (select sum(events)::int from analytics.sessions) as sessions`,
    );
    expect(rows).toEqual([{ raw: told, counted: told, sessions: told }]);
    const before = await everything();
    await admin.query(`update event_log.group_offset set position = 0 where topic = $1`, [topics.events]);
    const again = await launch();
    await eventually(async () => expect(await read()).toBe(true), { within: 30_000 });
    await again.stop();
    expect(await everything()).toEqual(before);
    const config = rebuildConfig.parse({ DATABASE_ANALYTICS_URL: database.urlFor('analytics_worker') });
    expect(await rebuild(config, { write: false, print: () => undefined })).toBe(0);
  }, 120_000);
});
