import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { migrate, roleUrl } from '@libs/database';
import { EmbeddedPostgres, startEmbeddedPostgres } from '@libs/embedded';
import { EVENT_FAILPOINTS, Failpoint } from '@libs/kernel';
import { AppName, describeWithKafka, describeWithRedis, HouseApart } from '@libs/testing';
import { Client } from 'pg';
import { schemas } from '../src/schemas';
import { AllInOne } from './all-in-one';
import { killPostgres } from './tracking/chaos';
import { EventCompany } from './tracking/event-company';
import { logged } from './tracking/event-ledger';
import { EventPlan } from './tracking/event-plan';
import { settled } from './tracking/settled';

/** `npm run soak:events` does the same with a million events. */
const EVENTS = 10_000;

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

describe('npm start, killed while events go in', () => {
  let platform: AllInOne;
  const adminUrl = (): string => platform.adminUrl;
  const eventLogUrl = (): string => {
    const operatorFile = readFileSync(join(platform.dataDir, 'operator.env'), 'utf8');
    return parseEnv(operatorFile)['EVENT_LOG_URL'] ?? '';
  };

  beforeAll(async () => {
    platform = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
    await platform.start();
  }, 60_000);
  afterAll(() => platform.remove(), 60_000);

  it('loses and doubles nothing at any point where a crash could, nor when its PostgreSQL is killed', async () => {
    const company = await EventCompany.found(platform.entrances);
    const plan = EventPlan.of({ events: EVENTS, seed: 7 });
    await platform.running.stop();
    // The collector's points first: once all is sent, nothing passes there any more.
    const points: Failpoint[] = [...EVENT_FAILPOINTS, 'consumer.before-offset'];
    let armed = platform.launch({ MONEYFLOW_FAILPOINT: `${points[0]}:5` });
    const sending = company.send(plan);
    // Who cannot send keeps it from ever coming to its point: then that is what went wrong.
    const ended = () => Promise.race([armed.ended(), sending.then(() => armed.ended())]);
    for (const next of points.slice(1)) {
      await ended();
      expect(armed.signal).toBe('SIGKILL');
      armed = platform.launch({ MONEYFLOW_FAILPOINT: next });
    }
    await ended();
    await platform.start();
    await killPostgres(adminUrl());
    await sending;
    await killPostgres(adminUrl());
    const { expected, found } = await settled(() => connected(adminUrl()), company.tenantId, plan, 30_000);
    // Of those that leave no row only the log can tell.
    const events = await logged({ eventLogUrl: eventLogUrl() }, plan, 5_000);
    expect({ events, ...found }).toEqual(expected);
    expect(company.repeated).toBeGreaterThan(0);
  }, 300_000);
});

describeWithRedis('with Redis', () => {
  describeWithKafka('events on Kafka, each process killed in turn', () => {
    let dataDir: string;
    let postgres: EmbeddedPostgres;
    let house: HouseApart;

    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-events-'));
      chmodSync(dataDir, 0o755);
      postgres = await startEmbeddedPostgres({ dataDir });
      const { adminUrl, roleSecret } = postgres;
      await migrate(adminUrl, schemas, roleSecret);
      house = await HouseApart.found({
        adminUrl,
        urlFor: (role) => roleUrl(adminUrl, role, roleSecret),
        drop: () => Promise.resolve(),
      });
      await house.startAll(['events', 'events-sink', 'analytics-worker']);
    }, 180_000);

    afterAll(async () => {
      await house?.tearDown();
      await postgres?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }, 60_000);

    const restarted = (name: AppName) => async (): Promise<void> => {
      await house.app(name).kill9();
      await house.start(name);
    };

    it('loses none that was acknowledged and counts none twice', async () => {
      const company = await EventCompany.found(house.entrances);
      const plan = EventPlan.of({ events: EVENTS, seed: 5 });
      const sending = company.send(plan);
      const victims = [
        { name: 'collector', strike: restarted('events') },
        { name: 'sink', strike: restarted('events-sink') },
        { name: 'analytics', strike: restarted('analytics-worker') },
        { name: 'PostgreSQL', strike: () => killPostgres(postgres.adminUrl) },
        { name: 'broker', strike: () => house.kafka.kill9().then(() => house.kafka.resume()) },
      ];
      for (const victim of victims) await victim.strike();
      await sending;
      const { expected, found } = await settled(
        () => connected(postgres.adminUrl),
        company.tenantId,
        plan,
        60_000,
      );
      const { username, password, ca, saslBrokers } = house.kafka;
      const events = await logged({ brokers: saslBrokers, username, password, sslCa: ca }, plan, 20_000);
      expect({ events, ...found }).toEqual(expected);
    }, 180_000);
  });
});
