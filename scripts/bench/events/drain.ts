import { ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, roleUrl } from '@libs/database';
import { freePort, kafkaMissing, startEmbeddedPostgres, startKafka } from '@libs/embedded';
import { Client } from 'pg';
import { schemas } from '../../migrate';
import { stopped } from '../processes';
import { Report } from '../report';
import { fillLog } from './backlog';
import { Mix } from './event-mix';

const EVENTS = 100_000;
const DONE_WITHIN_MS = 120_000;

/** A backlog of the log through the sink, in a process of its own, into the stores; on both carriers. */
export async function measureDrain(report: Report): Promise<void> {
  await onPostgres(report);
  const missing = kafkaMissing();
  if (missing) process.stdout.write(`SKIPPED the drain of Kafka: ${missing}\n`);
  else await onKafka(report);
}

async function onPostgres(report: Report): Promise<void> {
  await withDatabase(async (stores) => {
    for (const mix of ['believable', 'critical'] as const)
      await measure(
        report,
        stores,
        { name: 'the PostgreSQL log', EVENT_LOG_URL: stores.as('event_log') },
        mix,
        8_000,
      );
  });
}

async function onKafka(report: Report): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'moneyflow-bench-kafka-'));
  const kafka = await startKafka({ dir });
  try {
    for (const mix of ['believable', 'critical'] as const)
      await withDatabase(async (stores) =>
        measure(report, stores, { name: 'Kafka', KAFKA_BROKERS: kafka.brokers.join() }, mix, 10_000),
      );
  } finally {
    await kafka.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

export interface Stores {
  admin: Client;
  as(role: string): string;
}

export async function withDatabase(work: (stores: Stores) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-bench-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const admin = new Client({ connectionString: postgres.adminUrl });
  try {
    await migrate(postgres.adminUrl, schemas, postgres.roleSecret);
    await admin.connect();
    await work({ admin, as: (role) => roleUrl(postgres.adminUrl, role, postgres.roleSecret) });
  } finally {
    await admin.end();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Carrier = { name: string } & Record<string, string>;

async function measure(
  report: Report,
  { admin, as }: Stores,
  { name, ...log }: Carrier,
  mix: Mix,
  aim: number,
): Promise<void> {
  const brokers = log['KAFKA_BROKERS']?.split(',');
  const before = await stored(admin);
  const critical = await fillLog({ brokers, eventLogUrl: log['EVENT_LOG_URL'] }, EVENTS, mix);
  const sink = fork(join(__dirname, '../../../apps/events/src/sink.js'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...log,
      PORT: String(await freePort()),
      LOG_LEVEL: 'warn',
      DATABASE_URL: as('events_worker'),
      DATABASE_RELAY_URL: as('events_relay'),
      EVENT_PSEUDONYM_SECRET: 'a secret that is known to everybody',
    },
  });
  try {
    const rows = () => stored(admin);
    const first = await reached(rows, sink, before + 1);
    const started = performance.now();
    await reached(rows, sink, before + critical);
    const share = (before + critical - first) / critical;
    const perSecond = (EVENTS * share) / ((performance.now() - started) / 1_000);
    report.add({
      what: `drain ${EVENTS / 1_000}k events from ${name} into the stores, ${WORDS[mix]}`,
      figure: `${perSecond.toFixed(0)} events/s, ${((perSecond * critical) / EVENTS).toFixed(0)} rows/s`,
      aim: `≥ ${aim} events/s`,
      met: perSecond >= aim,
    });
  } finally {
    await stopped(sink);
  }
}

const WORDS: Record<Mix, string> = { believable: 'a believable mix', critical: 'every event critical' };

/** Waits until so many are stored. @returns how many are by then */
export async function reached(
  stored: () => Promise<number>,
  sink: ChildProcess,
  rows: number,
): Promise<number> {
  const deadline = performance.now() + DONE_WITHIN_MS;
  for (;;) {
    const now = await stored();
    if (now >= rows) return now;
    if (sink.exitCode !== null) throw new Error(`the sink ended with ${sink.exitCode}`);
    if (performance.now() > deadline) throw new Error(`the sink stored ${now} of ${rows} rows in time`);
    await sleep(100);
  }
}

async function stored(admin: Client): Promise<number> {
  const { rows } = await admin.query<{ n: number }>('select count(*)::int as n from events.user_events');
  return rows[0]?.n ?? 0;
}
