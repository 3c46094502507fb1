import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@libs/embedded';
import { newId } from '@libs/kernel';
import { fillLog } from '../events/backlog';
import { reached } from '../events/drain';
import { Running, stopped } from '../processes';
import { Report } from '../report';
import { ask } from './asking';
import { FilledDatabase, PSEUDONYM_SECRET } from './filled-database';
import { QUESTIONS } from './questions';
import { startReportsApi } from './reports-api';

const EVENTS = 120_000;
const AIM = 8_000;
const OTHER_TENANTS = 19;
/** What one dashboard asks, once a second. */
const ASKED = QUESTIONS.filter(({ aimMs, heavy }) => aimMs !== undefined && !heavy);
const EVERY_MS = 1_000;

/**
 * The consumer at a backlog beside the ten million, alone and while a dashboard is asked anew every second. Each batch has events of
 * the application that is asked about, so nothing of today stays cached or made.
 */
export async function measureConsuming(report: Report, filled: FilledDatabase): Promise<void> {
  const alone = await drained(filled);
  const api = await startReportsApi(filled, { redisUrl: 'memory:', cacheSeconds: 0 });
  try {
    const dashboard = new Dashboard(api, filled);
    const beside = await drained(filled, dashboard);
    const { p50, p95 } = dashboard.waits();
    report.add({
      what: `consume ${EVENTS / 1_000}k events beside ${(filled.events / 1e6).toFixed(1)} million while ${ASKED.length} questions are asked every second, uncached`,
      figure: `${beside.toFixed(0)} events/s; answers p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
      baseline: `nobody asks: ${alone.toFixed(0)} events/s`,
      ratio: beside / alone,
      aim: `≥ ${AIM} events/s`,
      met: beside >= AIM,
    });
  } finally {
    await api.stop();
  }
}

async function drained(filled: FilledDatabase, dashboard?: Dashboard): Promise<number> {
  const others = Array.from({ length: OTHER_TENANTS }, () => [newId(), newId()] as const);
  await fillLog({ eventLogUrl: filled.as('event_log') }, EVENTS, 'believable', [
    [filled.tenantId, filled.appId],
    ...others,
  ]);
  // one time for all looks: a moving one would leave quarters of the filled events behind
  const since = new Date(Date.now() - 2 * 86_400_000);
  const before = await rolledUp(filled, since);
  const worker = await startWorker(filled);
  const asking = dashboard?.open();
  try {
    const first = await reached(() => rolledUp(filled, since), worker, before + 1);
    const started = performance.now();
    await reached(() => rolledUp(filled, since), worker, before + EVENTS);
    return (before + EVENTS - first) / ((performance.now() - started) / 1_000);
  } finally {
    dashboard?.close();
    await asking;
    await stopped(worker);
  }
}

async function startWorker(filled: FilledDatabase): Promise<ChildProcess> {
  return fork(join(__dirname, '../../../apps/analytics/src/rollup.js'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PORT: String(await freePort()),
      LOG_LEVEL: 'warn',
      EVENT_LOG_URL: filled.as('event_log'),
      DATABASE_URL: filled.as('analytics_worker'),
      DATABASE_RELAY_URL: filled.as('analytics_relay'),
      EVENT_PSEUDONYM_SECRET: PSEUDONYM_SECRET,
      WEBHOOK_SECRET: PSEUDONYM_SECRET,
    },
  });
}

async function rolledUp({ admin }: FilledDatabase, since: Date): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `select coalesce(sum(events), 0)::int as n from analytics.quarter_rollup where event_type = '*' and bucket > $1`,
    [since],
  );
  return rows[0]?.n ?? 0;
}

/** Asks its questions once a second as long as it is open, whether or not the ones before were answered in time. */
class Dashboard {
  private readonly medians: number[] = [];
  private isOpen = true;

  constructor(
    private readonly api: Running,
    private readonly filled: FilledDatabase,
  ) {}

  async open(): Promise<void> {
    while (this.isOpen) {
      const started = performance.now();
      for (const question of ASKED) {
        if (!this.isOpen) return;
        const { p50 } = await ask(this.api.url, this.filled, question, {
          times: 1,
          from: 'MISS',
          windows: 1,
        });
        this.medians.push(p50);
      }
      await sleep(Math.max(0, EVERY_MS - (performance.now() - started)));
    }
  }

  close(): void {
    this.isOpen = false;
  }

  waits(): { p50: number; p95: number } {
    const waits = [...this.medians].sort((one, other) => one - other);
    const percentile = (share: number): number => waits[Math.floor(waits.length * share)] ?? 0;
    return { p50: percentile(0.5), p95: percentile(0.95) };
  }
}
