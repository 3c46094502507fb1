import 'reflect-metadata';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnvelope, QueuedReleasesV1 } from '@libs/contracts';
import { migrate, roleUrl } from '@libs/database';
import { startEmbeddedPostgres } from '@libs/embedded';
import { TenantId, newId } from '@libs/kernel';
import { Batch } from '@libs/messaging';
import { RejectReleases } from '../src/application/reject-releases';
import { Release } from '../src/domain/release';
import { HmacReleaseIds } from '../src/infrastructure/crypto/hmac-release-ids';
import { queuedRelease } from '../src/infrastructure/sqs/queued-release';
import { PostQueuedReleases } from '../src/interfaces/messaging/post-queued-releases.consumer';
import { PostingMetrics } from '../src/interfaces/messaging/posting-metrics';
import { releasesSchema } from '../src/releases.schema';
import { LedgerContext } from './ledger-context';
import { aRelease } from './release.builder';

const BATCH = 500;
const PER_MESSAGE = 100;
const ids = new HmacReleaseIds('a secret of the benchmark');

export interface PostingFigure {
  name: string;
  rows: number;
  seconds: number;
  /** CPU seconds of this process, and of PostgreSQL and its children (Linux only; 0 elsewhere). */
  nodeCpu: number;
  postgresCpu: number;
}

let postmaster = 0;

/**
 * Posts backlogs on a PostgreSQL of its own with durable settings, forced row-level security and the outbox, two
 * batches under way as two workers have.
 */
export async function measurePosting(rows: number, report: (figure: PostingFigure) => void): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-bench-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    postmaster = postgres.pid;
    await migrate(postgres.adminUrl, [releasesSchema], postgres.roleSecret);
    const ledger = await LedgerContext.open(
      roleUrl(postgres.adminUrl, 'releases_worker', postgres.roleSecret),
    );
    const many = Array.from({ length: 1000 }, () => newId<TenantId>());
    const hot = [newId<TenantId>()];
    await post('warm-up', backlog(20_000, many), BATCH, ledger);
    report(await post('one at a time', backlog(Math.min(4_000, rows), many), 1, ledger));
    report(await post('many tenants', backlog(rows, many), BATCH, ledger));
    report(await post('one hot tenant', backlog(rows, hot), BATCH, ledger));
    report(await consume('many tenants, from message bodies', backlog(rows, many), ledger));
    await ledger.close();
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

// node dist/apps/releases/test/posting.bench.js [rows]
if (require.main === module) void measurePosting(Number(process.argv[2] ?? 100_000), print);

/** Releases in the order of acceptance; of many tenants a message carries those of one. */
function backlog(rows: number, tenants: readonly TenantId[]): Release[] {
  return Array.from({ length: rows }, (_, i) => {
    const tenantId = tenants[Math.floor(i / 5) % tenants.length] as TenantId;
    const now = Date.now();
    return aRelease()
      .of(tenantId)
      .identifiedBy(ids.next(tenantId, new Date(now)))
      .credit(`${(i % 9000) + 1}.${String(i % 100).padStart(2, '0')}`)
      .described(`Venda no balcão ${i}`)
      .at(new Date(now - (i % 86_400) * 1000).toISOString())
      .with({ caixa: String(i % 4) })
      .hashed('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
      .build();
  });
}

async function post(
  name: string,
  releases: Release[],
  size: number,
  ledger: LedgerContext,
): Promise<PostingFigure> {
  return timed(name, chunks(releases, size), async (chunk) => void (await ledger.post.execute(chunk)));
}

async function consume(name: string, releases: Release[], ledger: LedgerContext): Promise<PostingFigure> {
  const consumer = new PostQueuedReleases(ledger.post, {} as RejectReleases, new PostingMetrics());
  Object.assign(consumer, { reject: { execute: async () => undefined } });
  const batches = chunks(releases, BATCH).map((batch) =>
    [...Map.groupBy(batch, (release) => release.tenantId).entries()].flatMap(([tenantId, own]) =>
      chunks(own, PER_MESSAGE).map((some) =>
        JSON.stringify({
          id: newId(),
          type: 'releases.queued.v1',
          version: 1,
          tenantId,
          occurredAt: new Date().toISOString(),
          requestId: newId(),
          payload: { releases: some.map(queuedRelease) },
        }),
      ),
    ),
  );
  const figure = await timed(name, batches, (texts) =>
    consumer.handle(
      new Batch(
        'releases',
        texts.map((text) => ({ envelope: parseEnvelope<QueuedReleasesV1>(text), text, receives: 1 })),
      ),
    ),
  );
  return { ...figure, rows: releases.length };
}

async function timed<T>(
  name: string,
  batches: T[][],
  work: (batch: T[]) => Promise<void>,
): Promise<PostingFigure> {
  const rows = batches.reduce((sum, batch) => sum + batch.length, 0);
  const started = performance.now();
  const cpu = process.cpuUsage();
  const postgres = postgresSeconds();
  const lane = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await work(batch);
  };
  await Promise.all([lane(), lane()]);
  const { user, system } = process.cpuUsage(cpu);
  return {
    name,
    rows,
    seconds: (performance.now() - started) / 1000,
    nodeCpu: (user + system) / 1e6,
    postgresCpu: postgresSeconds() - postgres,
  };
}

/** CPU seconds of the server and its children so far (Linux only; 0 elsewhere). */
function postgresSeconds(): number {
  let ticks = 0;
  for (const pid of process.platform === 'linux' ? readdirSync('/proc') : []) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = readStat(pid);
    if (stat && (pid === String(postmaster) || stat[1] === String(postmaster)))
      ticks += Number(stat[11]) + Number(stat[12]);
  }
  return ticks / 100;
}

/** The fields after the command of /proc/<pid>/stat: 1 is the parent, 11 and 12 user and system ticks. */
function readStat(pid: string): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
  } catch {
    return undefined; // it ended meanwhile
  }
}

function print({ name, rows, seconds, nodeCpu, postgresCpu }: PostingFigure): void {
  const rate = Math.round(rows / seconds);
  const micros = (cpu: number) => ((cpu / rows) * 1e6).toFixed(1);
  process.stdout.write(
    `${name}: ${rate} rows/s; CPU a row: Node ${micros(nodeCpu)} µs, PostgreSQL ${micros(postgresCpu)} µs\n`,
  );
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
