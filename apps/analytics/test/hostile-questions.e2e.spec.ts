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
    const [as, at] = [house.token(fresh), new Date(Date.now() - 3_600_000).toISOString()];
    await house.admin.query('select analytics.make_partitions(array[$1::date])', [`${at.slice(0, 7)}-01`]);
    await house.admin.query(
      `insert into analytics.events (tenant_id, event_id, "timestamp", app_id, event_type, occurred_at, received_at, source, context,
         user_agent, metadata)
       select $1, gen_random_uuid(), $3, $2, 'page_view', $3, $3, 'sdk', '{}', '{}', jsonb_build_object('text', repeat('ção ', 1000))
       from generate_series(1, 20000)`,
      [fresh.tenantId, fresh.appId, at],
    );
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
