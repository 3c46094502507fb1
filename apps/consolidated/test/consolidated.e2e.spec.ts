import { Client } from 'pg';
import { tenantChangedV1Example } from '@libs/contracts';
import { BusinessDate, newId } from '@libs/kernel';
import { eventually } from '@libs/testing';
import { rebuildConfig, redriveConfig } from '../src/consolidated.config';
import { rebuild } from '../src/rebuild';
import { redrive } from '../src/redrive';
import { aTenant } from './consolidation-database';
import { anEntry } from './entry.builder';
import { RunningConsolidated } from './running-consolidated';

let running: RunningConsolidated;

beforeAll(async () => {
  running = await RunningConsolidated.start();
});
afterAll(async () => {
  await running?.stop();
});

describe('GET /consolidated/daily', () => {
  it('shows a posting as soon as it is consolidated, then answers from the cache', async () => {
    const tenant = aTenant();
    const entries = [
      anEntry().of(tenant).credit('100.00').at('2026-03-09T12:00:00.000Z').build(),
      anEntry().of(tenant).credit('10.00').build(),
      anEntry().of(tenant).debit('2.50').build(),
    ];
    await running.post(...entries);
    const after = entries[2]!.releaseId;
    const first = await running.after(after, tenant, '/consolidated/daily?date=2026-03-10');
    expect(first.status).toBe(200);
    expect(first.headers.get('x-after')).toBe('INCLUDED');
    expect(first.headers.get('x-cache')).toBe('MISS');
    expect(first.body).toEqual({
      date: '2026-03-10',
      openingBalance: '100.00',
      credits: '10.00',
      debits: '2.50',
      balance: '7.50',
      closingBalance: '107.50',
      count: 2,
      timeZone: 'America/Sao_Paulo',
      asOf: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    });
    const again = await eventually(async () => {
      const reply = await running.get('/consolidated/daily?date=2026-03-10', tenant);
      expect(reply.headers.get('x-cache')).toBe('HIT');
      return reply;
    });
    expect(again.headers.get('age')).toMatch(/^\d+$/);
    expect(again.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(again.body).toMatchObject({ closingBalance: '107.50' });
  });

  it('never answers an older day once a newer one was seen, while postings and reads race', async () => {
    const tenant = aTenant();
    let reading = true;
    let seen = 0;
    const reader = async () => {
      while (reading) {
        const { body } = await running.get('/consolidated/daily?date=2026-03-10', tenant);
        expect(body['count']).toBeGreaterThanOrEqual(seen);
        seen = Math.max(seen, body['count'] as number);
      }
    };
    const watching = reader();
    for (let round = 0; round < 30; round++) {
      const entry = anEntry().of(tenant).credit('1.00').build();
      await running.post(entry);
      if (round % 5 === 4) {
        const { body } = await running.after(entry.releaseId, tenant, '/consolidated/daily?date=2026-03-10');
        expect(body['count']).toBe(round + 1);
      }
    }
    await eventually(() => expect(seen).toBe(30));
    reading = false;
    await watching;
  });

  it('waits no longer than a second for a release that does not come', async () => {
    const start = performance.now();
    const reply = await running.get(`/consolidated/daily?after=${newId()}`, aTenant());
    expect([reply.status, reply.headers.get('x-after')]).toEqual([200, 'PENDING']);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('is today by default, where the tenant is', async () => {
    const tenant = aTenant();
    const kiritimati = {
      name: 'Padaria',
      subdomain: 'p',
      timeZone: 'Pacific/Kiritimati',
      status: 'active',
      origins: [],
    };
    expect((await running.get('/consolidated/daily', tenant)).body).toMatchObject({
      timeZone: 'America/Sao_Paulo',
    });
    await running.change(tenant, { ...kiritimati, revision: 2 });
    await running.change(tenant, { ...kiritimati, timeZone: 'UTC', revision: 1 });
    await eventually(async () => {
      const today = BusinessDate.of(new Date(), 'Pacific/Kiritimati').toString();
      const { body } = await running.get('/consolidated/daily', tenant);
      expect(body).toMatchObject({ date: today, timeZone: 'Pacific/Kiritimati' });
    });
  });

  it('is closed to a suspended company, cached answers included', async () => {
    const tenant = aTenant();
    expect((await running.get('/consolidated/daily', tenant)).status).toBe(200);
    const suspended = { ...tenantChangedV1Example, timeZone: 'UTC', status: 'suspended', revision: 9 };
    await running.change(tenant, suspended);
    await eventually(async () => {
      const reply = await running.get('/consolidated/daily', tenant);
      expect([reply.status, reply.body['code']]).toEqual([403, 'tenant_suspended']);
    });
  });

  it('shows one company nothing of another', async () => {
    const [mine, theirs] = [aTenant(), aTenant()];
    const entry = anEntry().of(theirs).credit('5.00').build();
    await running.post(entry);
    await running.after(entry.releaseId, theirs);
    const crossed = await running.get(`/consolidated/daily?date=2026-03-10&after=${entry.releaseId}`, mine, {
      'x-tenant-id': theirs,
    });
    expect(crossed.headers.get('x-after')).toBe('PENDING');
    expect(crossed.body).toMatchObject({ count: 0, closingBalance: '0.00' });
  });
});

describe('GET /consolidated', () => {
  it('has a row for every day', async () => {
    const tenant = aTenant();
    const entry = anEntry().of(tenant).debit('2.00').build();
    await running.post(entry);
    await running.after(entry.releaseId, tenant);
    const { body } = await running.get('/consolidated?from=2026-03-09&to=2026-03-11', tenant);
    expect(body).toMatchObject({ from: '2026-03-09', to: '2026-03-11', timeZone: 'America/Sao_Paulo' });
    expect(body['items']).toMatchObject([
      { date: '2026-03-09', closingBalance: '0.00', count: 0 },
      { date: '2026-03-10', debits: '2.00', balance: '-2.00', closingBalance: '-2.00', count: 1 },
      { date: '2026-03-11', openingBalance: '-2.00', closingBalance: '-2.00', count: 0 },
    ]);
  });
});

describe('GET /consolidated/balance', () => {
  it('is exact to the millisecond, in any offset', async () => {
    const tenant = aTenant();
    const last = anEntry().of(tenant).credit('2.00').at('2026-03-10T03:00:00.000Z').build();
    await running.post(anEntry().of(tenant).credit('1.00').at('2026-03-10T02:59:59.999Z').build(), last);
    await running.after(last.releaseId, tenant);
    const balanceAt = async (at: string) =>
      (await running.get(`/consolidated/balance?at=${at}`, tenant)).body['balance'];
    expect(await balanceAt('2026-03-10T02:59:59.998Z')).toBe('0.00');
    expect(await balanceAt('2026-03-10T02:59:59.999Z')).toBe('1.00');
    expect(await balanceAt('2026-03-10T00:00:00-03:00')).toBe('3.00');
    expect(await balanceAt('2026-03-10T02:59:59.999+00:00')).toBe('1.00'); // "+" as few clients escape it
    expect((await running.get('/consolidated/balance', tenant)).body['balance']).toBe('3.00');
  });
});

describe('a request that makes no sense', () => {
  it.each([
    ['/consolidated/daily?date=2026-02-30', 400, 'malformed_date'],
    ['/consolidated/daily?date=0000-01-01', 400, 'malformed_date'],
    ['/consolidated/daily?date=', 400, 'malformed_date'],
    ['/consolidated/daily?date=2026-03-10&date=2026-03-11', 400, 'malformed_date'],
    ['/consolidated/daily?after=1', 400, 'malformed_id'],
    ['/consolidated/daily?tenantId=1', 400, 'unknown_property'],
    ['/consolidated', 400, 'malformed_date'],
    ['/consolidated?from=2026-03-10', 400, 'malformed_date'],
    ['/consolidated?from=2026-03-10&to=2026-03-09', 422, 'range_reversed'],
    ['/consolidated?from=2024-01-01&to=2025-01-01', 422, 'range_too_long'],
    ['/consolidated/balance?at=yesterday', 400, 'malformed_instant'],
    ['/consolidated/balance?at=2026-03-10', 400, 'malformed_instant'],
    ['/consolidated/balance?at=0001-01-01T00:00:00%2B14:00', 400, 'malformed_instant'],
    ['/consolidated/balance?at=2026-03-10T00:00:00.000Z%00', 400, 'forbidden_character'],
  ])('%s is %d %s', async (path, status, code) => {
    const reply = await running.get(path, aTenant());
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each(['/consolidated/daily', '/consolidated?from=2026-03-10&to=2026-03-10', '/consolidated/balance'])(
    '%s is closed without a token',
    async (path) => {
      expect((await running.get(path)).status).toBe(401);
    },
  );

  it('is closed without the scope', async () => {
    const token = running.tokenOf(aTenant(), 'releases:write');
    const reply = await running.get('/consolidated/daily', undefined, { authorization: `Bearer ${token}` });
    expect(reply.status).toBe(403);
  });
});

it('sets poison aside with its reason, and the line moves on', async () => {
  const tenant = aTenant();
  const entry = anEntry().of(tenant).credit('1.00').build();
  const poison = {
    id: newId(),
    type: 'releases.posted.v1',
    version: 1,
    tenantId: tenant,
    occurredAt: 'now',
    requestId: 'r',
    payload: { amount: 1 },
  };
  await running.publish('releases.posted.v1', [JSON.stringify(poison)]);
  await running.post(entry);
  const reply = await running.after(entry.releaseId, tenant, '/consolidated/daily?date=2026-03-10');
  expect(reply.body).toMatchObject({ count: 1 });
  const admin = new Client({ connectionString: running.database.adminUrl });
  await admin.connect();
  // what is good is recorded first, then the row of the poison, then its copy: the day may be seen before both
  await eventually(async () => {
    const letters = await admin.query(
      'select source, reason, payload from consolidated.dead_letter where tenant_id = $1',
      [tenant],
    );
    expect(letters.rows).toEqual([
      { source: 'releases.posted.v1', reason: 'impossible_entry', payload: JSON.stringify(poison) },
    ]);
  });
  await eventually(async () => {
    const copies = await admin.query(
      `select count(*)::int as n from event_log.batch where topic = 'releases.posted.v1.dlq'`,
    );
    expect(copies.rows).toEqual([{ n: 1 }]);
  });
  await admin.end();
});

it('redrives what was set aside, what nobody could read included, once its reason is gone', async () => {
  const tenant = aTenant();
  const entry = anEntry().of(tenant).credit('7.00').build();
  const admin = new Client({ connectionString: running.database.adminUrl });
  await admin.connect();
  await running.publish('releases.posted.v1', ['{"no":"envelope"}']);
  await admin.query(`alter table consolidated.entry add constraint defect check (tenant_id <> '${tenant}')`);
  await running.post(entry);
  const letters = async (): Promise<{ reason: string }[]> =>
    (
      await admin.query<{ reason: string }>(
        `select reason from consolidated.dead_letter
         where redriven_at is null and (tenant_id = $1 or payload = '{"no":"envelope"}') order by reason`,
        [tenant],
      )
    ).rows;
  await eventually(async () =>
    expect(await letters()).toEqual([{ reason: 'invalid_data' }, { reason: 'malformed_envelope' }]),
  );
  await admin.query('alter table consolidated.entry drop constraint defect');

  const config = redriveConfig.parse({
    DATABASE_WORKER_URL: running.database.urlFor('consolidated_worker'),
    DATABASE_OPERATOR_URL: running.database.urlFor('operator'),
    EVENT_LOG_URL: running.database.urlFor('event_log'),
  });
  const print = (): void => undefined;
  expect(await redrive(config, { dryRun: true, print })).toBeGreaterThanOrEqual(2);
  expect(await redrive(config, { dryRun: false, print })).toBeGreaterThanOrEqual(2);
  const { body } = await running.after(entry.releaseId, tenant, '/consolidated/daily?date=2026-03-10');
  expect(body).toMatchObject({ credits: '7.00', count: 1 });
  await eventually(async () => expect(await letters()).toEqual([{ reason: 'malformed_envelope' }]));
  await admin.end();
});

it('rebuilds days from their entries, first only saying so', async () => {
  const tenant = aTenant();
  const entry = anEntry().of(tenant).credit('1.00').build();
  await running.post(entry);
  await running.after(entry.releaseId, tenant);
  const admin = new Client({ connectionString: running.database.adminUrl });
  await admin.connect();
  await admin.query('update consolidated.daily set credits = credits + 1 where tenant_id = $1', [tenant]);
  await admin.end();
  const config = rebuildConfig.parse({
    DATABASE_WORKER_URL: running.database.urlFor('consolidated_worker'),
    DATABASE_OPERATOR_URL: running.database.urlFor('operator'),
  });
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  expect(await rebuild(config, { dryRun: true, print })).toBe(1);
  expect(await rebuild(config, { dryRun: false, print })).toBe(1);
  expect(await rebuild(config, { dryRun: true, print })).toBe(0);
  expect(lines[0]).toContain(`${tenant} 2026-03-10: entries {"credits":"100","debits":"0","count":1}`);
  const { body } = await running.get('/consolidated/daily?date=2026-03-10', tenant);
  expect(body).toMatchObject({ credits: '1.00' });
});
