import { call, eventually } from '@libs/testing';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import { EventsHouse, TestTenant } from './events.house';
import { aPageView } from './sdk-event.builder';

let house: EventsHouse;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  house = await EventsHouse.open({
    environment: { EVENT_LOG_PATIENCE_MS: '800', EVENT_LOG_BUFFER_MB: '1' },
  });
  tenant = await house.tenant();
  key = await house.key(tenant);
});
afterAll(() => house.close());

const send = (events: unknown[]) =>
  call<CollectedResponse & { code?: string }>(house.url, '/api/v1/events/batch', {
    body: { events },
    headers: { 'x-api-key': key },
  });
const queued = async (): Promise<number> => {
  const text = await (await fetch(`${house.url}/metrics`)).text();
  return Number(/^events_log_queue_bytes (\d+)$/m.exec(text)?.[1]);
};

describe('while the log stands still', () => {
  // Every append waits for this lock.
  const hold = () => house.admin.query(`select pg_advisory_lock(hashtextextended('event_log.append', 0))`);
  const letGo = () => house.admin.query(`select pg_advisory_unlock(hashtextextended('event_log.append', 0))`);

  it('nothing is acknowledged, nothing piles up without end, and nothing is lost', async () => {
    const events = Array.from({ length: 60 }, () =>
      aPageView({ properties: { note: 'saldo '.repeat(5_000) } }),
    );
    await hold();
    const outcomes = await Promise.all(events.map((event) => send([event])));
    const codes = outcomes.map(({ status, body }) => `${status} ${body.code}`);
    expect(new Set(codes)).toEqual(new Set(['503 event_log_full', '503 event_log_unavailable']));
    for (const { headers } of outcomes) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(codes.filter((code) => code === '503 event_log_unavailable').length).toBeGreaterThan(10);
    expect(codes.filter((code) => code === '503 event_log_full').length).toBeGreaterThan(10);
    expect(await queued()).toBeGreaterThan(100_000);
    expect(await queued()).toBeLessThan(2 * 1024 * 1024);
    await letGo();
    await eventually(async () => expect(await queued()).toBe(0));

    // What an SDK does after a 503: all of it again. The key (event_id, timestamp) is the same.
    for (const event of events) expect((await send([event])).body).toMatchObject({ accepted: 1 });
    await eventually(() => {
      const ids = new Set(house.logged.all().map(({ eventId }) => eventId));
      expect(events.every(({ event_id }) => ids.has(event_id))).toBe(true);
    });
  });
});

describe('while the log fails', () => {
  it('answers 503 with Retry-After and no word of the cause, then goes on', async () => {
    const event = aPageView();
    await house.admin.query('alter table event_log.batch rename to gone');
    const { status, headers, body } = await send([event, aPageView({ event_type: 'unknown' })]);
    expect([status, body.code]).toEqual([503, 'event_log_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toMatch(/batch|relation|sql/i);
    await house.admin.query('alter table event_log.gone rename to batch');
    await eventually(async () =>
      expect((await send([event])).body).toMatchObject({ accepted: 1, duplicates: 0 }),
    );
  });
});
