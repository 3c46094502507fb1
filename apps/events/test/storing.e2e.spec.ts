import { INestApplication } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { call, eventually } from '@libs/testing';
import { eventsSinkConfig } from '../src/events.config';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import { createEventsSink } from '../src/sink.app';
import { EventsHouse, TestTenant } from './events.house';

const SAMPLE = JSON.parse(readFileSync(`${__dirname}/fixtures/sample-event.json`, 'utf8')) as Record<
  string,
  unknown
>;

let house: EventsHouse;
let tenant: TestTenant;
const sinks: INestApplication[] = [];

async function startSink(): Promise<void> {
  const config = eventsSinkConfig.parse({
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    DATABASE_URL: house.database.urlFor('events_worker'),
    DATABASE_RELAY_URL: house.database.urlFor('events_relay'),
    EVENT_LOG_URL: house.database.urlFor('event_log'),
    EVENT_PSEUDONYM_SECRET: 'a secret for tests, thirty-two characters at least',
  });
  sinks.push(await createEventsSink(config));
}

beforeAll(async () => {
  house = await EventsHouse.open();
  tenant = await house.tenant();
});
afterAll(async () => {
  for (const sink of sinks) await sink.close();
  await house?.close();
});

async function send(...events: object[]): Promise<void> {
  const headers = { authorization: `Bearer ${house.token(tenant)}` };
  const answer = await call<CollectedResponse>(house.url, '/api/v1/events/batch', {
    body: { events },
    headers,
  });
  expect(answer).toMatchObject({ status: 202, body: { accepted: events.length, rejected: [] } });
}

async function rows(sql: string) {
  const { rows: found } = await house.admin.query(`${sql} where tenant_id = $1`, [tenant.tenantId]);
  return found as Record<string, unknown>[];
}

describe('an event on its way from the page to the tables', () => {
  it('waits in the log for the sinks, and is one event and one transaction however often it is sent', async () => {
    await send(SAMPLE);
    await send(SAMPLE, { ...SAMPLE, event_id: crypto.randomUUID() });
    await Promise.all([startSink(), startSink()]);
    await send(SAMPLE);
    const marker = { ...SAMPLE, event_id: crypto.randomUUID(), event_type: 'payment_completed' };
    await send(marker);
    await eventually(
      async () => {
        const events = await rows('select event_id, "timestamp" from events.user_events');
        expect(events.map(({ event_id }) => event_id)).toContain(marker.event_id);
        expect(events).toHaveLength(3);
      },
      { within: 20_000 },
    );
    expect(await rows('select type, amount::text as cents, description from events.transactions')).toEqual(
      expect.arrayContaining([
        { type: 'expense', cents: '15050', description: 'Transferência PIX' },
        { type: 'expense', cents: '15050', description: 'Pagamento' },
      ]),
    );
    expect(await rows('select event_id from events.transactions')).toHaveLength(3);
  });

  it('has its month made ahead by the upkeep as soon as a sink starts', async () => {
    const next = new Date();
    const name = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 2)).toISOString().slice(0, 7);
    await eventually(async () => {
      const { rows: found } = await house.admin.query('select to_regclass($1) is not null as made', [
        `events.user_events_${name.replace('-', '_')}`,
      ]);
      expect(found).toEqual([{ made: true }]);
    });
  });
});
