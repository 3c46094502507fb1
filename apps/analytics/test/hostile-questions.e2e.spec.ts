import { setTimeout as sleep } from 'node:timers/promises';
import { SystemClock } from '@libs/kernel';
import { call, eventually } from '@libs/testing';
import { PostgresEventReader } from '../src/infrastructure/postgres/postgres-event.reader';
import { AnalyticsHouse, TestTenant } from './analytics.house';

type Body = Record<string, unknown>;

let house: AnalyticsHouse;
let tenant: TestTenant;
let token: string;

beforeAll(async () => {
  house = await AnalyticsHouse.open();
  tenant = await house.tenant();
  token = house.token(tenant, 'analytics:read tenant:write');
}, 120_000);
afterAll(() => house?.close());

const ask = (path: string, { as = token, method = 'GET' } = {}) =>
  call<Body>(house.url, `/api/v1/analytics/${path}`, { token: as, method });

/** Of 5 KB each. */
async function manyEvents({ tenantId, appId }: TestTenant, count: number): Promise<void> {
  const at = new Date(Date.now() - 3_600_000).toISOString();
  await house.admin.query('select analytics.make_partitions(array[$1::date])', [`${at.slice(0, 7)}-01`]);
  await house.admin.query(
    `insert into analytics.events (tenant_id, event_id, "timestamp", app_id, event_type, occurred_at, received_at, source, context,
       user_agent, metadata)
     select $1, gen_random_uuid(), $3, $2, 'page_view', $3, $3, 'sdk', '{}', '{}', jsonb_build_object('text', repeat('ção ', 1000))
     from generate_series(1, $4::int)`,
    [tenantId, appId, at, count],
  );
}

describe('a parameter that a route does not have', () => {
  it.each([
    ['GET', 'apps/:app/overview?timeZone=UTC', 'unknown_property'],
    ['GET', 'apps/:app/overview?appId=:app', 'unknown_property'],
    ['GET', 'erasures/019a2b3c-0000-7000-8000-00000000000a?all=true', 'unknown_property'],
    // it would look as if only this application forgot
    ['DELETE', 'users/ana?appId=:app', 'unknown_property'],
    ['GET', 'events/summary?metadata=pro&metadata.plan=free', 'malformed_metadata'],
    ['GET', 'events/timeline?metadata.plan=free', 'unknown_property'],
    ['GET', 'pages?breakdown=url', 'unknown_property'],
    ['GET', 'sessions/list?offset=100000', 'unknown_property'],
    ['GET', 'export?limit=1', 'unknown_property'],
  ])('is refused by %s %s: %s', async (method, path, code) => {
    const { status, body } = await ask(path.replaceAll(':app', tenant.appId), { method });
    const codes = (body['errors'] as { code: string }[] | undefined)?.map((error) => error.code);
    expect([status, codes]).toEqual([400, expect.arrayContaining([code])]);
  });
});

describe('HEAD of the export', () => {
  it('reads no event for nobody, and leaves the places to those who read', async () => {
    const fresh = await house.tenant();
    const as = house.token(fresh);
    await manyEvents(fresh, 20_000);
    const pages = jest.spyOn(PostgresEventReader.prototype, 'page');
    for (let time = 0; time < 3; time++) {
      const { status, headers } = await ask('export?format=ndjson', { as, method: 'HEAD' });
      expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(pages).not.toHaveBeenCalled();
    pages.mockRestore();
  });
});

describe('a tenant that asks for all at once', () => {
  it('is refused before its questions take the connections, and another one has its turn', async () => {
    const greedy = house.token(await house.tenant());
    const modest = house.token(await house.tenant());
    // nobody gets an answer from this table until the lock is gone
    await house.admin.query('begin; lock table analytics.sessions in access exclusive mode');
    const search = (at: number, as: string) => ask(`sessions/list?device=none-${at}`, { as });
    const answers: unknown[] = [];
    const asked = Array.from({ length: 12 }, async (_, at) => {
      const { status, body } = await search(at, greedy);
      answers.push(body['code'] ?? status);
    });
    await eventually(async () => expect(answers).toEqual(Array(9).fill('too_many_reports')));
    const patient = search(0, modest);
    expect((await ask('events/summary', { as: modest })).status).toBe(200);
    await house.admin.query('rollback');
    expect((await patient).status).toBe(200);
    await Promise.all(asked);
    expect(answers.slice(9)).toEqual([200, 200, 200]);
  });
});

describe('an export that fails half-way', () => {
  it.each(['csv', 'ndjson', 'json'])('breaks off, so that nobody takes the %s for whole', async (format) => {
    const fresh = await house.tenant();
    await manyEvents(fresh, 3_000);
    const { page } = PostgresEventReader.prototype;
    let pages = 0;
    const failing = jest.spyOn(PostgresEventReader.prototype, 'page').mockImplementation(function (
      this: PostgresEventReader,
      ...asked
    ) {
      pages += 1;
      return pages > 2 ? Promise.reject(new Error('the disk is gone')) : page.apply(this, asked);
    });
    const url = `${house.url}/api/v1/analytics/export?format=${format}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${house.token(fresh)}` } });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    failing.mockRestore();
  });
});

describe('an export whose reader stands still', () => {
  it('is broken off when its place is given to another', async () => {
    const fresh = await house.tenant();
    await manyEvents(fresh, 6_000);
    const begin = () =>
      fetch(`${house.url}/api/v1/analytics/export?format=ndjson`, {
        headers: { authorization: `Bearer ${house.token(fresh)}` },
      });
    const reading = jest.spyOn(PostgresEventReader.prototype, 'page');
    const [first, second] = [await begin(), await begin()];
    expect((await begin()).status).toBe(429);
    // until what lies between us and the readers is full
    for (let reads = -1; reads < reading.mock.calls.length; await sleep(500))
      reads = reading.mock.calls.length;
    reading.mockRestore();
    const later = Date.now() + 130_000;
    const clock = jest.spyOn(SystemClock.prototype, 'now').mockImplementation(() => new Date(later));
    const third = await begin();
    expect(third.status).toBe(200);
    clock.mockRestore();
    // of the two the one that stood still for longer
    const ends = await Promise.allSettled([first.text(), second.text()]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await third.text()).split('\n')).toHaveLength(6_001);
  });
});
