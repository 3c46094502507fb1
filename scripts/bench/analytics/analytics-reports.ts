import { redisMissing, startRedis } from '@libs/embedded';
import { rebuild } from '../../../apps/analytics/src/rebuild';
import { Report } from '../report';
import { ask } from './asking';
import { measureConsuming } from './consuming';
import { FilledDatabase, FilledOptions, withFilledDatabase } from './filled-database';
import { Question, QUESTIONS } from './questions';
import { askRaw } from './raw-sql';
import { startReportsApi } from './reports-api';
import { addSizes } from './sizes';

const EVENTS = 10_000_000;
/** Asked before and not counted, by a process that has only just started: those that answer people run for days. */
const WARM_UP = 40;
const TIMES = 100;
const TIMES_HEAVY = 25;
const TIMES_CACHED = 200;
/** A tenant may ask the heavy ones 60 times a minute. */
const TIMES_CACHED_HEAVY = 50;
const CACHED_AIM_MS = 5;

/**
 * Ten million events of one application over 13 weeks, and what dashboards ask of them through the API's own process; beside each
 * question the same one in plain SQL over the raw events, whose answer must be the same.
 */
export async function measureAnalyticsReports(
  report: Report,
  { events = EVENTS, keep }: Partial<FilledOptions> = {},
): Promise<void> {
  await withFilledDatabase({ events, keep }, async (filled) => {
    report.add({
      what: `fill ${millions(events)} events: raw rows and indexes, quarters, sessions; then local days`,
      figure: `${(events / filled.seconds.events).toFixed(0)} events/s; days ${filled.seconds.days.toFixed(0)} s`,
      aim: 'none',
      met: true,
    });
    await addSizes(report, filled);
    await checkAgain(report, filled);
    await measureUncached(report, filled);
    await measureCached(report, filled);
    await measureConsuming(report, filled);
  });
}

/** What was filled fast is what the consumer would have made: byte for byte, where it is made again from the raw events. */
async function checkAgain(report: Report, filled: FilledDatabase): Promise<void> {
  const at = (days: number): string =>
    new Date(Date.parse(filled.until) - days * 86_400_000).toISOString().slice(0, 10);
  const said: string[] = [];
  let differences = 0;
  for (const day of [at(40), at(3)])
    differences += await rebuild(
      { worker: { url: filled.as('analytics_worker') } },
      { write: false, tenant: filled.tenantId, from: day, to: day, print: (line) => said.push(line) },
    );
  if (differences > 0) process.stderr.write(`${said.join('\n')}\n`);
  report.add({
    what: 'two days made again from the raw events (analytics:rebuild)',
    figure: `${differences} differences`,
    aim: 'none',
    met: differences === 0,
  });
}

async function measureUncached(report: Report, filled: FilledDatabase): Promise<void> {
  const api = await startReportsApi(filled, { redisUrl: 'memory:', cacheSeconds: 0 });
  try {
    for (const question of QUESTIONS) {
      await ask(api.url, filled, question, { times: question.heavy ? 3 : WARM_UP, from: 'MISS' });
      const times = question.heavy ? TIMES_HEAVY : TIMES;
      const { p50, p95, answer } = await ask(api.url, filled, question, { times, from: 'MISS' });
      const raw = await askRaw(filled, question, answer);
      report.add({
        what: `${question.name}, uncached`,
        figure: `p50 ${tenths(p50)} ms, p95 ${tenths(p95)} ms`,
        baseline: question.raw && besideRaw(p50, raw),
        aim: aimOf(question),
        met: question.aimMs === undefined || p95 <= question.aimMs,
      });
    }
  } finally {
    await api.stop();
  }
}

async function measureCached(report: Report, filled: FilledDatabase): Promise<void> {
  const missing = redisMissing();
  const redis = missing ? undefined : await startRedis();
  const api = await startReportsApi(filled, { redisUrl: redis?.url ?? 'memory:', cacheSeconds: 300 });
  try {
    let slowest = { name: '', p50: 0, p95: 0 };
    // who is there now is never the same
    const kept = QUESTIONS.filter(({ path }) => !path.includes('overview'));
    for (const question of kept) await ask(api.url, filled, question, { times: 1, from: 'MISS', windows: 1 });
    for (const question of kept)
      if (!question.heavy) await ask(api.url, filled, question, { times: WARM_UP, from: 'HIT', windows: 1 });
    for (const question of kept) {
      const times = question.heavy ? TIMES_CACHED_HEAVY : TIMES_CACHED;
      const { p50, p95 } = await ask(api.url, filled, question, { times, from: 'HIT', windows: 1 });
      if (p95 > slowest.p95) slowest = { name: question.name, p50, p95 };
    }
    report.add({
      what: `cached answers (${missing ? 'in-process' : 'Redis'}), the slowest question: ${slowest.name}`,
      figure: `p50 ${tenths(slowest.p50)} ms, p95 ${tenths(slowest.p95)} ms`,
      aim: `p95 ≤ ${CACHED_AIM_MS} ms`,
      met: slowest.p95 <= CACHED_AIM_MS,
    });
  } finally {
    await api.stop();
    await redis?.stop();
  }
}

function besideRaw(p50: number, raw: number | undefined): string {
  if (raw === undefined) return 'plain SQL: over 120 s';
  const times = raw / p50;
  return `plain SQL: ${raw.toFixed(0)} ms, ${times.toFixed(times < 10 ? 1 : 0)} times as long`;
}

function aimOf({ aimMs }: Question): string {
  return aimMs === undefined ? 'none' : `p95 ≤ ${aimMs} ms`;
}

function tenths(ms: number): string {
  return ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

function millions(events: number): string {
  return events >= 1_000_000 ? `${events / 1_000_000} million` : `${events / 1_000} thousand`;
}
