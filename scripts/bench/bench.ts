import { setTimeout as sleep } from 'node:timers/promises';
import { measureAccept, measureBatchAccept } from './accept';
import { measureAnalyticsReports } from './analytics/analytics-reports';
import { measureCachedRead, measureCachedReadOnRedis } from './cached-read';
import { measureAnalyticsDrain } from './events/analytics-drain';
import { measureEvents } from './events/accept-events';
import { measureDrain } from './events/drain';
import { measureIdle } from './idle';
import { measurePersonalData } from './personal-data';
import { measurePosting } from './posting';
import { startPlatform } from './processes';
import { Report } from './report';
import { measureVerification } from './verification';
import { measureVisible } from './visible';

/**
 * `npm run bench [-- --only=accept,posting] [-- --seconds=8]`: what the platform does on this machine, each figure beside
 * a bare Fastify route with the same payload in the same run, the load generator on the same cores. `analytics-reports` takes
 * `--events=10000000` and `--keep=<folder>`, where its filled database is found again.
 */
const SECTIONS = [
  'idle',
  'accept',
  'batch',
  'cached',
  'visible',
  'posting',
  'verification',
  'events',
  'drain',
  'analytics-drain',
  'analytics-reports',
  'personal-data',
] as const;
type Section = (typeof SECTIONS)[number];

function argument(name: string): string | undefined {
  const prefix = `--${name}=`;
  return process.argv.find((text) => text.startsWith(prefix))?.slice(prefix.length);
}

function numberOf(name: string): number | undefined {
  const text = argument(name);
  return text === undefined ? undefined : Number(text);
}

async function main(): Promise<void> {
  const only = argument('only')?.split(',') ?? SECTIONS;
  const seconds = Number(argument('seconds') ?? 8);
  const wants = (section: Section): boolean => only.includes(section);
  const report = new Report();

  if (wants('idle') || wants('accept') || wants('batch') || wants('cached') || wants('visible')) {
    const platform = await startPlatform();
    try {
      await sleep(3_000); // seeding and first compilations are no part of any figure
      if (wants('idle')) await measureIdle(report, platform);
      if (wants('cached')) await measureCachedRead(report, platform, seconds);
      if (wants('visible')) await measureVisible(report, platform, seconds);
      if (wants('accept')) await measureAccept(report, platform, seconds);
      if (wants('batch')) await measureBatchAccept(report, platform, seconds);
    } finally {
      await platform.stop();
    }
  }
  if (wants('cached')) await measureCachedReadOnRedis(report, seconds);
  if (wants('posting')) await measurePosting(report);
  if (wants('events')) {
    const platform = await startPlatform();
    try {
      await sleep(3_000);
      await measureEvents(report, platform, seconds);
    } finally {
      await platform.stop();
    }
  }
  if (wants('drain')) await measureDrain(report);
  if (wants('analytics-drain')) await measureAnalyticsDrain(report);
  if (wants('analytics-reports'))
    await measureAnalyticsReports(report, { events: numberOf('events'), keep: argument('keep') });
  if (wants('personal-data')) measurePersonalData(report);
  if (wants('verification')) await measureVerification(report);
  process.stdout.write(`\n${report.save()}\n`);
}

void main();
