import { POSTING_FAILPOINTS } from '@libs/kernel';
import {
  AppName,
  describeWithKafka,
  describeWithRedis,
  eventually,
  HouseApart,
  Journey,
  PostingPlan,
  TestDatabase,
  testDatabase,
} from '@libs/testing';
import { Client } from 'pg';
import { schemas } from '../src/schemas';
import { ContinualPosting, dyingAt } from './continual-posting';
import { ReportJourney } from './tracking/report-journey';

/**
 * The whole house, every app in an operating-system process of its own, on real Kafka (TLS, SCRAM-SHA-512), Redis,
 * PostgreSQL and SQS. The journey first; then every process is killed at every point where that could lose or double
 * something.
 */
describeWithRedis('with Redis', () => {
  describeWithKafka('the house apart', () => {
    let database: TestDatabase;
    let admin: Client;
    let house: HouseApart;

    beforeAll(async () => {
      database = await testDatabase(schemas);
      admin = new Client({ connectionString: database.adminUrl });
      await admin.connect();
      house = await HouseApart.found(database);
      await house.startAll();
    }, 180_000);

    afterAll(async () => {
      await house.tearDown();
      await admin.end();
      await database.drop();
    }, 60_000);

    it('posts 2,000 releases, a fifth of them sent twice, once each; the days add up to the cent', async () => {
      const journey = await Journey.begin(house.entrances);
      const plan = PostingPlan.of({ sends: 2_000, seed: 11 });
      const ids = await journey.post(plan);
      await journey.consolidated(plan);
      await journey.postedOnce(plan, ids);
      await booksBalance();
      for (const worker of ['worker-1', 'worker-2'] as const)
        expect(await postedBy(house.url(worker))).toBeGreaterThan(0);
    }, 120_000);

    it('tells of an event in every report, within a second after its 202', async () => {
      const journey = await ReportJourney.begin(house.entrances);
      await journey.tellsOfAVisit();
      await journey.seesAtOnce();
    }, 120_000);

    it('loses and doubles nothing, whichever process is killed at whichever point', async () => {
      const companies = await ContinualPosting.during(
        house.entrances,
        (all) =>
          Promise.all([
            killedAtEach(all, 'releases', (point) => point.startsWith('api.')),
            killedAtEach(all, 'consolidated', (point) => point.startsWith('consumer.')),
            // The other worker goes on, or there would be nothing to consume.
            killedAtEach(all, 'worker-1', (point) => /^(worker|relay)\./.test(point)),
          ]),
        { seed: 100 },
      );
      expect(companies).toBeGreaterThanOrEqual(10);
      await booksBalance();
    }, 300_000);

    it('stops within ten seconds under load and loses nothing', async () => {
      const journey = await Journey.begin(house.entrances);
      const plan = PostingPlan.of({ sends: 1_000, seed: 12 });
      const posting = journey.post(plan);
      const longest = await house.stopAll();
      await house.startAll();
      const ids = await posting;
      expect(longest).toBeLessThan(10_000);
      await journey.consolidated(plan, 60_000);
      await journey.postedOnce(plan, ids);
    }, 120_000);

    /** Each time it is started again it is already to die at the next point, as its clients keep asking. */
    async function killedAtEach(
      companies: ContinualPosting,
      name: AppName,
      mine: (point: string) => boolean,
    ): Promise<void> {
      await house.app(name).stop();
      for (const point of POSTING_FAILPOINTS.filter(mine))
        await companies.killed(house.launch(name, dyingAt(point)), point);
      await house.start(name);
    }

    /** Nothing waits, and entries = releases = rollup, for every tenant. */
    async function booksBalance(): Promise<void> {
      await eventually(
        async () => {
          const { rows } = await admin.query<{ unsent: string; unlike: string }>(
            `select
               (select count(*) from releases.outbox where sent_at is null) as unsent,
               (select count(*) from releases.release r full join consolidated.entry e
                  on e.tenant_id = r.tenant_id and e.release_id = r.id
                where e.amount is distinct from r.amount or e.business_date is distinct from r.business_date) as unlike`,
          );
          expect(rows).toEqual([{ unsent: '0', unlike: '0' }]);
        },
        { within: 30_000, every: 200 },
      );
      const { rows } = await admin.query(
        `select * from consolidated.daily d full join (
           select tenant_id, business_date, sum(greatest(amount, 0)) as credits, sum(greatest(-amount, 0)) as debits,
                  count(*) as count
           from consolidated.entry group by 1, 2) e using (tenant_id, business_date)
         where d.credits is distinct from e.credits or d.debits is distinct from e.debits
            or d.count is distinct from e.count`,
      );
      expect(rows).toEqual([]);
    }
  });
});

/** How many releases a worker says it posted. */
async function postedBy(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^releases_posted_total(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1] ?? 0);
}
