import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, roleUrl } from '@libs/database';
import { kafkaMissing, redisMissing, startEmbeddedPostgres } from '@libs/embedded';
import { ANALYTICS_FAILPOINTS, EVENT_FAILPOINTS } from '@libs/kernel';
import { MessagingSettings } from '@libs/messaging';
import { AppName, Entrances, HouseApart } from '@libs/testing';
import { Client } from 'pg';
import { AllInOne } from '../apps/platform/test/all-in-one';
import { Chaos, killPostgres, Victim } from '../apps/platform/test/tracking/chaos';
import { EventCompany } from '../apps/platform/test/tracking/event-company';
import { logged } from '../apps/platform/test/tracking/event-ledger';
import { EventPlan } from '../apps/platform/test/tracking/event-plan';
import { settled } from '../apps/platform/test/tracking/settled';
import { schemas } from './migrate';

/**
 * `npm run soak:events [-- --events=1000000] [-- --seed=1] [-- --only=all-in-one,kafka]`: events go in, a fifth of them
 * sent again, while everything is killed in an order that the seed decides. Afterwards nothing that was acknowledged may
 * be missing, and nothing counted twice. Needs Linux; Kafka needs Java, Maven and Redis. Ends with 1 when anything differs.
 */
const SEND_WITHIN_MS = 45 * 60_000;
const SETTLE_PATIENCE_MS = 120_000;
const PAUSE_MS = 8_000;

interface House {
  entrances: Entrances;
  victims: Victim[];
  adminUrl: () => string;
  log: () => MessagingSettings;
  remove(): Promise<void>;
}

async function main(): Promise<void> {
  const events = Number(argument('events') ?? 1_000_000);
  const seed = Number(argument('seed') ?? Date.now() % 100_000);
  const only = argument('only')?.split(',') ?? ['all-in-one', 'kafka'];
  let fine = true;
  if (only.includes('all-in-one')) fine = (await soak('all-in-one', await allInOne(), events, seed)) && fine;
  const missing = kafkaMissing() ?? redisMissing();
  if (only.includes('kafka') && missing) say(`SKIPPED on Kafka: ${missing}`);
  else if (only.includes('kafka')) fine = (await soak('on Kafka', await apart(), events, seed)) && fine;
  if (!fine) process.exitCode = 1;
}

async function soak(name: string, house: House, events: number, seed: number): Promise<boolean> {
  const started = Date.now();
  const plan = EventPlan.of({ events, seed });
  const company = await EventCompany.found(house.entrances);
  const chaos = Chaos.begin(house.victims, { pauseMs: PAUSE_MS, seed });
  const shown = showProgress(name, events, company, chaos);
  try {
    await within(SEND_WITHIN_MS, company.send(plan));
    const sentAfter = Date.now() - started;
    await chaos.stop();
    const connect = async (): Promise<Client> => {
      const client = new Client({ connectionString: house.adminUrl() });
      await client.connect();
      return client;
    };
    const { expected, found } = await settled(connect, company.tenantId, plan, SETTLE_PATIENCE_MS);
    const settledAfter = Date.now() - started;
    const inLog = await logged(house.log(), plan, SETTLE_PATIENCE_MS);
    shown.end();
    const rows: [string, unknown, unknown][] = [
      ['acknowledged events in the log', expected.events, inLog],
      ['critical events stored', expected.critical, found.critical],
      ['expenses, in cents', expected.expenses, found.expenses],
      ['income, in cents', expected.income, found.income],
      ['notifications', expected.notifications, found.notifications],
      ['raw events of analytics', expected.raw, found.raw],
      ['events in its rollups', expected.rolledUp, found.rolledUp],
    ];
    const fine = rows.every(([, wanted, is]) => wanted === is);
    const struck = [...chaos.struck].map(([victim, times]) => `${victim} ${times}×`).join(', ');
    say(`
${name}, seed ${seed}: ${fine ? 'nothing lost, nothing counted twice' : 'WRONG'}
  ${events} events, ${company.acknowledged - events} of them sent again on purpose, ${company.repeated} requests repeated after a failure
  killed: ${struck}
  sent in ${(sentAfter / 1000).toFixed(0)} s, all in the stores after ${(settledAfter / 1000).toFixed(0)} s
${rows.map(([what, wanted, is]) => `  ${what}: expected ${String(wanted)}, found ${String(is)}`).join('\n')}`);
    return fine;
  } finally {
    shown.end();
    await chaos.stop().catch((error: unknown) => say(`a strike failed: ${String(error)}`));
    await house.remove();
  }
}

/** The platform in one process: killed from outside, at points of its own, and its PostgreSQL under it. */
async function allInOne(): Promise<House> {
  const platform = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
  await platform.start();
  const adminUrl = (): string => {
    const file = join(platform.dataDir, 'postgres/secrets.json');
    const { port, adminPassword } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    return `postgres://moneyflow_admin:${adminPassword}@127.0.0.1:${port}/moneyflow`;
  };
  const { roleSecret } = JSON.parse(
    readFileSync(join(platform.dataDir, 'postgres/secrets.json'), 'utf8'),
  ) as { roleSecret: string };
  return {
    entrances: platform.entrances,
    adminUrl,
    log: () => ({ eventLogUrl: roleUrl(adminUrl(), 'event_log', roleSecret) }),
    victims: [
      {
        name: 'the process',
        strike: async () => {
          await platform.running.kill9();
          await platform.start();
        },
      },
      { name: 'PostgreSQL', strike: () => killPostgres(adminUrl()) },
      ...[...EVENT_FAILPOINTS, ...ANALYTICS_FAILPOINTS].map((failpoint): Victim => ({
        name: failpoint,
        strike: async () => {
          await platform.running.kill9();
          const armed = platform.launch({ MONEYFLOW_FAILPOINT: `${failpoint}:20` });
          await Promise.race([armed.ended(), new Promise((resolve) => setTimeout(resolve, 30_000).unref())]);
          // Should the last events have gone by, nothing passes there any more; and later, nobody would start it again.
          if (armed.alive) await armed.kill9();
          await platform.start();
        },
      })),
    ],
    remove: () => platform.remove(),
  };
}

/** Each process by itself, on a real broker. */
async function apart(): Promise<House> {
  const dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-soak-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const { adminUrl, roleSecret } = postgres;
  await migrate(adminUrl, schemas, roleSecret);
  const house = await HouseApart.found({
    adminUrl,
    urlFor: (role) => roleUrl(adminUrl, role, roleSecret),
    drop: () => Promise.resolve(),
  });
  await house.startAll(['events', 'events-sink', 'analytics-worker']);
  const process_ = (name: string, app: AppName): Victim => ({
    name,
    strike: async () => {
      await house.app(app).kill9();
      await house.start(app);
    },
  });
  const { saslBrokers, username, password, ca } = house.kafka;
  return {
    entrances: house.entrances,
    adminUrl: () => adminUrl,
    log: () => ({ brokers: saslBrokers, username, password, sslCa: ca }),
    victims: [
      process_('collector', 'events'),
      process_('sink', 'events-sink'),
      process_('analytics', 'analytics-worker'),
      { name: 'PostgreSQL', strike: () => killPostgres(adminUrl) },
      { name: 'broker', strike: () => house.kafka.kill9().then(() => house.kafka.resume()) },
    ],
    remove: async () => {
      await house.tearDown();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A bar on a terminal, a line now and then elsewhere. */
function showProgress(name: string, events: number, company: EventCompany, chaos: Chaos): { end(): void } {
  const total = events / 0.8;
  let told = -1;
  const timer = setInterval(() => {
    const share = Math.min(1, company.acknowledged / total);
    const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '░');
    const line = `${name} ${bar} ${(share * 100).toFixed(0)} % acknowledged, ${chaos.strikes} kills`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}`);
    else if (Math.floor(share * 10) > told) say(line);
    told = Math.floor(share * 10);
  }, 1_000);
  return { end: () => clearInterval(timer) };
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not all was acknowledged within ${ms / 60_000} min`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function argument(name: string): string | undefined {
  const prefix = `--${name}=`;
  return process.argv.find((text) => text.startsWith(prefix))?.slice(prefix.length);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${String((error as Error).stack)}\n`);
    process.exit(1);
  },
);
