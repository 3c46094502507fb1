import { setTimeout as sleep } from 'node:timers/promises';
import { post, registerCompany } from './company';
import { Running } from './processes';
import { Report } from './report';

const PER_SECOND = 500;
const SAMPLES_PER_SECOND = 20;
const WARM_UP_SECONDS = 3;

/**
 * From the 202 to the consolidated day, at a steady 500 releases a second: every 25th release is asked for with
 * `?after=` the moment it is accepted, and the answer's arrival is the figure.
 */
export async function measureVisible(report: Report, platform: Running, seconds: number): Promise<void> {
  const { headers } = await registerCompany(platform.url);
  const url = `${platform.url}/api/v1/releases`;
  const body = { description: 'Venda', amount: '0.01', occurredAt: '2026-11-20T12:00:00.000Z' };
  const waits: number[] = [];

  const send = async (sampled: boolean): Promise<void> => {
    const { id } = await post<{ id: string }>(url, body, headers);
    if (!sampled) return;
    const accepted = performance.now();
    const answer = await fetch(`${platform.url}/api/v1/consolidated/daily?date=2026-11-20&after=${id}`, {
      headers,
    });
    if (!answer.ok) throw new Error(`GET /daily: ${answer.status}`);
    await answer.arrayBuffer();
    waits.push(performance.now() - accepted);
  };
  await steadily(PER_SECOND, WARM_UP_SECONDS, () => send(false));

  const started = performance.now();
  const every = PER_SECOND / SAMPLES_PER_SECOND;
  const sent = await steadily(PER_SECOND, seconds, (index) => send(index % every === 0));
  const rate = sent / ((performance.now() - started) / 1_000);
  waits.sort((a, b) => a - b);
  const percentile = (p: number): number =>
    waits[Math.min(waits.length - 1, Math.floor(waits.length * p))] ?? 0;
  report.add({
    what: `from accepted to visible at ${rate.toFixed(0)} releases/s`,
    figure: `p50 ${percentile(0.5).toFixed(0)} ms, p99 ${percentile(0.99).toFixed(0)} ms over ${waits.length} samples`,
    aim: 'p99 < 500 ms',
    met: percentile(0.99) < 500,
  });
}

/** Starts `work` at an even pace, whether or not earlier ones have ended; answers how many, once all have. */
async function steadily(
  perSecond: number,
  seconds: number,
  work: (index: number) => Promise<void>,
): Promise<number> {
  const started = performance.now();
  const flights: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const ahead = started + (index * 1_000) / perSecond - performance.now();
    if (ahead > 1) await sleep(ahead);
    flights.push(work(index));
  }
  await Promise.all(flights);
  return flights.length;
}
