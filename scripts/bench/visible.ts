import { setTimeout as sleep } from 'node:timers/promises';
import { post, registerCompany } from './company';
import { Running } from './processes';
import { Report } from './report';

const PER_SECOND = 500;
const SAMPLES_PER_SECOND = 20;

/**
 * From the 202 to the consolidated day, at a steady 500 releases a second: every 25th release is asked for with
 * `?after=` the moment it is accepted, and the answer's arrival is the figure.
 */
export async function measureVisible(report: Report, platform: Running, seconds: number): Promise<void> {
  const { headers } = await registerCompany(platform.url);
  const url = `${platform.url}/api/v1/releases`;
  const body = { description: 'Venda', amount: '0.01', occurredAt: '2026-11-20T12:00:00.000Z' };
  const waits: number[] = [];
  const flights: Promise<void>[] = [];

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

  const started = performance.now();
  for (let sent = 0; sent < seconds * PER_SECOND; sent += 1) {
    const ahead = started + (sent * 1_000) / PER_SECOND - performance.now();
    if (ahead > 1) await sleep(ahead);
    flights.push(send(sent % (PER_SECOND / SAMPLES_PER_SECOND) === 0));
  }
  await Promise.all(flights);
  const rate = flights.length / ((performance.now() - started) / 1_000);
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
