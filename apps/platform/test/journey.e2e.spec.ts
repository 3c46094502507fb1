import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, eventually, Journey, PostingPlan } from '@libs/testing';
import { demoCompany } from '../src/demo/demo-company';
import { AllInOne } from './all-in-one';

describe('npm start', () => {
  let house: AllInOne;
  let startedInMs: number;

  beforeAll(async () => {
    house = await AllInOne.prepare();
    const before = Date.now();
    await house.start();
    await eventually(() => expect(house.running.tail).toContain('MoneyFlow is ready'), { within: 30_000 });
    startedInMs = Date.now() - before;
  }, 90_000);
  afterAll(() => house.remove(), 30_000);

  it('says in a few friendly lines where it listens, where the documents are and how to sign in', () => {
    const said = house.running.tail;
    expect(said).toContain(`http://localhost:${house.port}/api-docs`);
    expect(said).toContain(demoCompany.email);
    expect(said).toContain(demoCompany.password);
    expect(said.trim().split('\n').length).toBeLessThan(20);
    expect(said).not.toContain('{');
    expect(startedInMs).toBeLessThan(60_000);
  });

  it('has a demo company whose books show something', async () => {
    const { email, password } = demoCompany;
    const login = await call<{ tokens: { accessToken: string } }>(house.url, '/api/v1/auth/login', {
      body: { email, password },
    });
    expect(login.status).toBe(200);
    const token = login.body.tokens.accessToken;
    await eventually(async () => {
      const { body } = await call<{ balance: string }>(house.url, '/api/v1/consolidated/balance', { token });
      expect(Number(body.balance)).toBeGreaterThan(0);
    });
  });

  it('answers health, readiness, metrics and documents once for all applications', async () => {
    const ready = await call<{ dependencies: Record<string, string> }>(house.url, '/health/ready');
    const parts = Object.keys(ready.body.dependencies).map((name) => name.split(': ')[0]);
    expect(new Set(parts)).toEqual(
      new Set([
        'auth',
        'releases',
        'releases worker 1',
        'releases worker 2',
        'consolidated',
        'events',
        'events sink',
        'analytics',
        'analytics worker',
      ]),
    );
    const metrics = await (await fetch(`${house.url}/metrics`)).text();
    for (const app of ['auth', 'releases', 'events']) expect(metrics).toContain(`app="${app}"`);
    // counted on the thread that only consumes, in its own time
    await eventually(
      async () =>
        expect(await (await fetch(`${house.url}/metrics`)).text()).toMatch(/^events_stored_total [1-9]/m),
      { within: 40_000 },
    );
    expect(metrics).toContain('consumer_lag_messages{group="events.sink"');
    expect(metrics.match(/^process_cpu_seconds_total /gm)).toHaveLength(1);
    const docs = await call<{ paths: Record<string, object> }>(house.url, '/api-docs-json');
    expect(Object.keys(docs.body.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/auth/login',
        '/.well-known/jwks.json',
        '/api/v1/releases',
        '/api/v1/consolidated/daily',
      ]),
    );
    expect((await fetch(`${house.url}/api-docs`)).status).toBe(200);
  });

  it('lets every documented path through to the application that has it', async () => {
    const docs = await call<{ paths: Record<string, object> }>(house.url, '/api-docs-json');
    for (const [path, methods] of Object.entries(docs.body.paths)) {
      const method = Object.keys(methods)[0] ?? 'get';
      const filled = path.replace(/\{[^}]+\}/g, '00000000-0000-8000-8000-000000000000');
      // pages and scripts are no JSON
      const answer = await fetch(new URL(filled, house.url), { method: method.toUpperCase() });
      expect([path, answer.status, await answer.text()]).not.toEqual([
        path,
        404,
        expect.stringContaining('route_not_found'),
      ]);
    }
  });

  it('answers an unknown path with a problem', async () => {
    const answer = await call<{ status: number; code: string }>(house.url, '/api/v1/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('posts 2,000 releases, a fifth of them sent twice, once each; the days add up to the cent', async () => {
    const journey = await Journey.begin(house.entrances);
    expect(await journey.me()).toMatchObject({ user: { email: journey.email }, role: 'owner' });
    const plan = PostingPlan.of({ sends: 2_000 });
    const ids = await journey.post(plan);
    await journey.consolidated(plan);
    await journey.postedOnce(plan, ids);
  }, 90_000);

  it('begins a day at 03:00:00.000Z, not a millisecond earlier', async () => {
    const journey = await Journey.begin(house.entrances);
    const at = (occurredAt: string, amount: string) => ({
      kind: 'single' as const,
      key: occurredAt,
      releases: [{ description: 'Virada do dia', amount, occurredAt }],
    });
    await journey.send(at('2026-05-02T02:59:59.999Z', '1.01'));
    await journey.send(at('2026-05-02T03:00:00.000Z', '-2.02'));
    await eventually(async () => {
      expect(await journey.day('2026-05-01')).toMatchObject({ credits: '1.01', debits: '0.00', count: 1 });
      expect(await journey.day('2026-05-02')).toMatchObject({ credits: '0.00', debits: '2.02', count: 1 });
    });
  });

  it('shows a posting at once although the day was cached', async () => {
    const journey = await Journey.begin(house.entrances);
    const date = '2026-06-15';
    await journey.day(date);
    expect((await journey.dayAnswer(date)).headers.get('x-cache')).toBe('HIT');
    const releases = [{ description: 'Venda', amount: '10.00', occurredAt: `${date}T15:00:00.000Z` }];
    await journey.send({ kind: 'single', key: 'cached', releases });
    // on its way through queue and log, on a busy machine too; a day that stayed in the cache would be there for ten minutes
    await eventually(async () => expect((await journey.day(date)).balance).toBe('10.00'), { within: 10_000 });
  });

  it('keeps what it acknowledged when it is killed, and mends what the kill left behind', async () => {
    const journey = await Journey.begin(house.entrances);
    const plan = PostingPlan.of({ sends: 1_000, seed: 2 });
    const posting = journey.post(plan);
    await sleep(300);
    await house.running.kill9();
    await house.start();
    const ids = await posting; // clients kept asking meanwhile, with the tokens they had
    await journey.consolidated(plan, 60_000);
    await journey.postedOnce(plan, ids);
  }, 120_000);

  it('lets its operator verify the books, with the file it wrote for that', async () => {
    const env = parseEnv(readFileSync(join(house.dataDir, 'operator.env'), 'utf8'));
    const { stdout } = await promisify(execFile)(process.execPath, ['dist/scripts/verify.js'], {
      env: { ...env, NODE_OPTIONS: '' },
    });
    expect(stdout).toMatch(/everything agrees/);
  });

  it('drains and stops within ten seconds under load, and loses nothing', async () => {
    const journey = await Journey.begin(house.entrances);
    const plan = PostingPlan.of({ sends: 1_000, seed: 3 });
    const posting = journey.post(plan);
    await sleep(200);
    expect(await house.running.stop()).toBeLessThan(10_000);
    expect(house.running.exitCode).toBe(0);
    await house.start();
    const ids = await posting;
    await journey.consolidated(plan, 60_000);
    await journey.postedOnce(plan, ids);
  }, 120_000);
});
