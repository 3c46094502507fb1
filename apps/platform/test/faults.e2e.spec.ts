import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres, startEmbeddedPostgres } from '@libs/embedded';
import { migrate, roleUrl } from '@libs/database';
import {
  Answer,
  call,
  describeWithKafka,
  describeWithRedis,
  eventually,
  HouseApart,
  Journey,
  PostingPlan,
} from '@libs/testing';
import { Client } from 'pg';
import { schemas } from '../src/schemas';

/** The services under the house go away one by one, under load, and come back. */
describeWithRedis('with Redis', () => {
  describeWithKafka('the house apart, when a service goes away', () => {
    let dataDir: string;
    let postgres: EmbeddedPostgres;
    let house: HouseApart;

    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-faults-'));
      chmodSync(dataDir, 0o755);
      postgres = await startEmbeddedPostgres({ dataDir }); // of its own: other specs share the usual one
      const { adminUrl, roleSecret } = postgres;
      await migrate(adminUrl, schemas, roleSecret);
      house = await HouseApart.found({
        adminUrl,
        urlFor: (role) => roleUrl(adminUrl, role, roleSecret),
        drop: () => Promise.resolve(),
      });
      await house.startAll(['releases', 'worker-1', 'worker-2', 'consolidated']);
    }, 180_000);

    afterAll(async () => {
      await house?.tearDown();
      await postgres?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }, 60_000);

    it('PostgreSQL restarts: 503 with Retry-After, back within 5 s, nothing lost, no connection leaked', async () => {
      const journey = await Journey.begin(house.entrances);
      const token = await tokenOf(journey);
      const plan = PostingPlan.of({ sends: 800, seed: 21 });
      const posting = journey.post(plan);
      const probe = watch(() => call(house.url('releases'), '/api/v1/releases?limit=1', { token }));
      await eventually(() => expect(probe.count(200)).toBeGreaterThan(0));
      process.kill(postgres.pid, 'SIGQUIT'); // pg_ctl stop -m immediate
      await eventually(() => expect(probe.count(503)).toBeGreaterThan(0));
      const served = probe.count(200);
      await eventually(() => expect(probe.count(200)).toBeGreaterThan(served), { within: 5_000 });
      const ids = await posting;
      const answers = await probe.stop();
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
      for (const { status, headers, body } of answers) {
        if (status !== 503) continue;
        expect(headers.get('retry-after')).toBe('1');
        expect(body).toMatchObject({ code: 'database_unavailable' });
      }
      await journey.consolidated(plan, 60_000);
      await journey.postedOnce(plan, ids);
      await outboxesAreEmpty();
      const connections = await ask<{ application_name: string; n: number; stuck: number }>(
        `select application_name, count(*)::int as n,
           count(*) filter (where state like 'idle in transaction%')::int as stuck
         from pg_stat_activity where application_name like 'moneyflow-%' group by 1`,
      );
      expect(connections.length).toBeGreaterThan(3);
      // two workers share a name; a pool has 20 at most
      expect(connections.filter(({ n, stuck }) => n > 40 || stuck > 0)).toEqual([]);
    }, 120_000);

    it('Redis goes away and forgets everything: reads go on, posting takes up again, no day is stale', async () => {
      const journey = await Journey.begin(house.entrances);
      const token = await tokenOf(journey);
      const plan = PostingPlan.of({ sends: 400, seed: 22 });
      const [[date = ''] = []] = plan.days();
      await journey.day(date); // cached, with nothing in it yet
      const day = watch(() =>
        call(house.url('consolidated'), `/api/v1/consolidated/daily?date=${date}`, { token }),
      );
      const posting = journey.post(plan);
      await house.redis.pause();
      const away = day.asked(); // what was asked before may have seen it
      await sleep(3_000);
      await eventually(() => expect(day.answers.length).toBeGreaterThan(away + 3));
      const whileAway = day.answers.slice(away);
      await house.redis.resume();
      const ids = await posting;
      await journey.consolidated(plan, 60_000);
      await journey.postedOnce(plan, ids);
      const answers = await day.stop();
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(whileAway.map(({ headers }) => headers.get('x-cache')))).toEqual(new Set(['MISS']));
    }, 120_000);

    it('Kafka goes away: posting goes on, a worker stops in time, the outbox grows and then drains', async () => {
      const journey = await Journey.begin(house.entrances);
      await house.kafka.pause();
      const plan = PostingPlan.of({ sends: 600, seed: 23 });
      const ids = await journey.post(plan);
      await eventually(() => journey.postedOnce(plan, ids), { within: 30_000, every: 200 });
      expect(await unsent()).toBeGreaterThan(0);
      const worker = house.app('worker-1');
      expect(await worker.stop()).toBeLessThan(10_000);
      await Promise.all([house.kafka.resume(), house.start('worker-1')]);
      await journey.consolidated(plan, 60_000);
      await outboxesAreEmpty();
    }, 150_000);

    async function ask<Row extends object>(sql: string): Promise<Row[]> {
      const admin = new Client({ connectionString: postgres.adminUrl });
      await admin.connect();
      try {
        return (await admin.query<Row>(sql)).rows;
      } finally {
        await admin.end();
      }
    }

    async function unsent(): Promise<number> {
      const [row] = await ask<{ n: number }>(
        `select (select count(*) from releases.outbox where sent_at is null)::int
              + (select count(*) from auth.outbox where sent_at is null)::int as n`,
      );
      return row?.n ?? -1;
    }

    const outboxesAreEmpty = (): Promise<void> =>
      eventually(async () => expect(await unsent()).toBe(0), { within: 30_000, every: 200 });

    async function tokenOf({ email, password }: Journey): Promise<string> {
      const { body } = await call<{ tokens: { accessToken: string } }>(
        house.url('auth'),
        '/api/v1/auth/login',
        {
          body: { email, password },
        },
      );
      return body.tokens.accessToken;
    }
  });
});

/** Asks again and again, and keeps the answers. */
function watch(request: () => Promise<Answer<unknown>>) {
  const answers: Answer<unknown>[] = [];
  let watching = true;
  let asked = 0;
  const done = (async () => {
    for (; watching; await sleep(10)) {
      asked += 1;
      answers.push(await request());
    }
  })();
  done.catch(() => undefined); // `stop` tells; of a test that failed before, nobody needs to know
  return {
    answers,
    asked: (): number => asked,
    count: (status: number): number => answers.filter((answer) => answer.status === status).length,
    stop: async (): Promise<Answer<unknown>[]> => {
      watching = false;
      await done;
      return answers;
    },
  };
}
