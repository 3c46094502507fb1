import { fork } from 'node:child_process';
import { join } from 'node:path';
import { freePort, stopped } from '../processes';
import { Report } from '../report';
import { fillLog } from './backlog';
import { reached, Stores, withDatabase } from './drain';

const EVENTS = 100_000;
const AIM = 8_000;

/** A backlog of the log through the analytics worker: raw events, quarters, dimensions and sessions. */
export async function measureAnalyticsDrain(report: Report): Promise<void> {
  await withDatabase(async (stores) => {
    const log = { EVENT_LOG_URL: stores.as('event_log') };
    await fillLog({ eventLogUrl: log.EVENT_LOG_URL }, EVENTS, 'believable');
    const worker = fork(join(__dirname, '../../../apps/analytics/src/rollup.js'), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        ...log,
        PORT: String(await freePort()),
        LOG_LEVEL: 'warn',
        DATABASE_URL: stores.as('analytics_worker'),
        DATABASE_RELAY_URL: stores.as('analytics_relay'),
        EVENT_PSEUDONYM_SECRET: 'a secret that is known to everybody',
        WEBHOOK_SECRET: 'a secret that is known to everybody',
      },
    });
    const rolledUp = () => rolledUpIn(stores);
    try {
      const first = await reached(rolledUp, worker, 1);
      const started = performance.now();
      await reached(rolledUp, worker, EVENTS);
      const perSecond = (EVENTS - first) / ((performance.now() - started) / 1_000);
      report.add({
        what: `drain ${EVENTS / 1_000}k events from the PostgreSQL log into raw events, rollups and sessions`,
        figure: `${perSecond.toFixed(0)} events/s`,
        aim: `≥ ${AIM} events/s`,
        met: perSecond >= AIM,
      });
    } finally {
      await stopped(worker);
    }
  });
}

async function rolledUpIn({ admin }: Stores): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `select coalesce(sum(events), 0)::int as n from analytics.quarter_rollup where event_type = '*'`,
  );
  return rows[0]?.n ?? 0;
}
