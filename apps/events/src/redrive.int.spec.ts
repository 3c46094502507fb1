import { INestApplication } from '@nestjs/common';
import { Client } from 'pg';
import { Envelope, topics, TrackedEventsV1 } from '@libs/contracts';
import { newId, TenantId } from '@libs/kernel';
import { eventLogSchema, unpacked } from '@libs/messaging';
import { eventually, testDatabase, TestDatabase } from '@libs/testing';
import { aLoggedEvent, aTenant } from '../test/logged-event.builder';
import { eventsSinkConfig, redriveConfig } from './events.config';
import { eventsSchema } from './events.schema';
import { redrive } from './redrive';
import { createEventsSink } from './sink.app';

let database: TestDatabase;
let admin: Client;
const [ours, theirs] = [aTenant(), aTenant()];

beforeAll(async () => {
  database = await testDatabase([eventsSchema, eventLogSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});
beforeEach(async () => {
  await admin.query('truncate events.dead_letter, event_log.batch');
});

async function setAside(payload: string, tenantId: TenantId | null, source: string = topics.events) {
  await admin.query(
    `insert into events.dead_letter (id, tenant_id, source, reason, detail, payload)
     values ($1, $2, $3, 'handler_failed', 'a defect of ours', $4)`,
    [newId(), tenantId, source, payload],
  );
}

async function pending(): Promise<number> {
  const { rows } = await admin.query('select from events.dead_letter where redriven_at is null');
  return rows.length;
}

/** What the log has, as `topic payload`. */
async function logged(): Promise<string[]> {
  const { rows } = await admin.query<{
    topic: string;
    messages: { value: string }[] | null;
    packed: Buffer | null;
  }>('select topic, messages, packed from event_log.batch order by position');
  return rows
    .flatMap(({ topic, messages, packed }) =>
      (packed ? unpacked(packed) : (messages ?? []).map(({ value }) => value)).map((v) => `${topic} ${v}`),
    )
    .sort();
}

async function run(dryRun = false): Promise<{ count: number; lines: string[] }> {
  const lines: string[] = [];
  const config = redriveConfig.parse({
    DATABASE_EVENTS_URL: database.urlFor('events_worker'),
    DATABASE_OPERATOR_URL: database.urlFor('operator'),
    EVENT_LOG_URL: database.urlFor('event_log'),
    EVENT_LOG_BUFFER_MB: '1',
  });
  const count = await redrive(config, { dryRun, print: (line) => void lines.push(line) });
  return { count, lines };
}

function aMessage(tenantId: TenantId, eventId: string): string {
  const { tenantId: _, ...event } = aLoggedEvent({ eventId });
  const envelope: Envelope<TrackedEventsV1> = {
    id: newId(),
    type: topics.events,
    version: 1,
    tenantId,
    occurredAt: event.receivedAt,
    requestId: newId(),
    payload: { events: [event] },
  };
  return JSON.stringify(envelope);
}

describe('events:redrive', () => {
  it("puts every tenant's letters and nobody's back onto the topics they came from, once", async () => {
    await setAside('{"of":"ours"}', ours);
    await setAside('{"of":"theirs"}', theirs);
    await setAside('not even JSON', null);
    await setAside('{"person":"erased"}', ours, topics.personErased);
    const { count, lines } = await run();
    expect(count).toBe(4);
    expect(lines.toSorted()).toEqual(
      [
        `${ours}: 1 of analytics.person-erased.v1`,
        `${ours}: 1 of events`,
        `${theirs}: 1 of events`,
        'no tenant: 1 of events',
        'redriven: 4 messages',
      ].sort(),
    );
    const all = [
      'analytics.person-erased.v1 {"person":"erased"}',
      'events not even JSON',
      'events {"of":"ours"}',
      'events {"of":"theirs"}',
    ];
    expect(await logged()).toEqual(all);
    expect(await pending()).toBe(0);

    expect(await run()).toEqual({ count: 0, lines: ['redriven: 0 messages'] });
    expect(await logged()).toEqual(all);
  });

  it('only counts them on a dry run', async () => {
    await setAside('{"of":"ours"}', ours);
    expect(await run(true)).toEqual({
      count: 1,
      lines: [`${ours}: 1 of events`, 'would redrive: 1 messages'],
    });
    expect(await logged()).toEqual([]);
    expect(await pending()).toBe(1);
  });

  it('redrives more, and larger ones, than a publisher may hold at once', async () => {
    const payloads = Array.from({ length: 60 }, (_, n) => JSON.stringify({ n, pad: 'x'.repeat(200_000) }));
    for (const payload of payloads) await setAside(payload, ours);
    expect((await run()).count).toBe(60);
    expect(await logged()).toEqual(payloads.map((payload) => `events ${payload}`).sort());
  });

  it('changes nothing when it is done twice, and ends though what nobody can read is set aside again', async () => {
    const sink: INestApplication = await createEventsSink(
      eventsSinkConfig.parse({
        PORT: '0',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'silent',
        DATABASE_URL: database.urlFor('events_worker'),
        DATABASE_RELAY_URL: database.urlFor('events_relay'),
        DATABASE_POOL_MAX: '4',
        EVENT_LOG_URL: database.urlFor('event_log'),
        EVENT_PSEUDONYM_SECRET: 'a secret for tests, thirty-two characters at least',
      }),
    );
    try {
      const [first, second] = [newId(), newId()];
      await setAside(aMessage(ours, first), ours);
      await setAside('{"no":"envelope"}', null);
      expect((await run()).count).toBe(2);
      await eventually(async () => expect(await pending()).toBe(1)); // the unreadable one is back
      await admin.query('update events.dead_letter set redriven_at = null');
      await setAside(aMessage(ours, second), ours);
      expect((await run()).count).toBeGreaterThanOrEqual(4);
      await eventually(async () => {
        const { rows } = await admin.query<{ event_id: string }>(
          'select event_id from events.user_events where tenant_id = $1',
          [ours],
        );
        expect(rows.map(({ event_id }) => event_id).sort()).toEqual([first, second].sort());
      });
    } finally {
      await sink.close();
    }
  });
});
