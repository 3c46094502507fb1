import { fork } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '@libs/embedded';
import { MessagingSettings } from '@libs/messaging';
import { stopped } from '../processes';
import { Report } from '../report';
import { fillLog, fillLogSpread } from './backlog';
import { reached, Stores, withDatabase } from './drain';

const EVENTS = 100_000;
const AIM = 8_000;

/** A backlog of the log through the analytics worker: raw events, quarters, dimensions and sessions. */
export async function measureAnalyticsDrain(report: Report): Promise<void> {
  await drained(report, 'of the present', (log) => fillLog(log, EVENTS, 'believable').then(() => undefined));
  await drained(report, 'spread over 90 days and 60,000 visitors, a fifth sent again', (log) =>
    fillLogSpread(log, EVENTS),
  );
}

async function drained(
  report: Report,
  traffic: string,
  fill: (log: MessagingSettings) => Promise<void>,
): Promise<void> {
  await withDatabase(async (stores) => {
    const log = { EVENT_LOG_URL: stores.as('event_log') };
    await fill({ eventLogUrl: log.EVENT_LOG_URL });
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
        what: `drain ${EVENTS / 1_000}k events from the PostgreSQL log into raw events, rollups and sessions, ${traffic}`,
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
