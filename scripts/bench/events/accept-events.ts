import { startBare, RunningPlatform } from '../processes';
import { Report } from '../report';
import { caughtUp } from './caught-up';
import { EventLoad, eventLoad } from './event-load';
import { registerSender } from './sender';

interface Shape {
  batch: number;
  connections: number;
  aim: number;
  p95?: number;
}

const SHAPES: readonly Shape[] = [
  { batch: 1, connections: 128, aim: 5_000 },
  { batch: 10, connections: 96, aim: 25_000, p95: 100 },
  { batch: 100, connections: 32, aim: 50_000 },
];

/**
 * Accepted events, each 202 durable, with everything on: API key, validation, personal data, devices, countries, and
 * the sinks and analytics at work in the same process, which have until the next shape to store what they have not yet.
 * Beside bare Fastify that parses the same bodies.
 */
export async function measureEvents(
  report: Report,
  platform: RunningPlatform,
  seconds: number,
): Promise<void> {
  const { headers } = await registerSender(platform.url);
  for (const { batch, connections, aim, p95 } of SHAPES) {
    const path = batch === 1 ? '/api/v1/events' : '/api/v1/events/batch';
    const ours = await eventLoad({ url: platform.url, path, headers, batch, connections, seconds });
    const behind = await caughtUp(platform.dataDir);
    const bare = await beside(batch, connections, seconds);
    report.add({
      what: `accept events ${batch === 1 ? 'one by one' : `in batches of ${batch}`}`,
      figure: `${ours.eventsPerSecond.toFixed(0)} events/s, p50 ${ours.p50} ms, p95 ${ours.p95} ms, p99 ${ours.p99} ms, ${ours.errors} errors; ${ours.accepted} sent, stored ${behind.toFixed(0)} s after the last`,
      baseline: `${bare.eventsPerSecond.toFixed(0)} events/s`,
      ratio: ours.eventsPerSecond / bare.eventsPerSecond,
      aim: `≥ ${aim} events/s${p95 ? `, p95 < ${p95} ms` : ''}`,
      met: ours.eventsPerSecond >= aim && ours.errors === 0 && (!p95 || ours.p95 < p95),
    });
  }
}

async function beside(batch: number, connections: number, seconds: number): Promise<EventLoad> {
  const bare = await startBare(100);
  try {
    return await eventLoad({ url: bare.url, path: '/', batch, connections, seconds: Math.min(seconds, 4) });
  } finally {
    await bare.stop();
  }
}
