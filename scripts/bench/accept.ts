import { registerCompany } from './company';
import { load } from './load';
import { Running, startBare } from './processes';
import { Report } from './report';

const release = { description: 'Venda no balcão', amount: '12.34', occurredAt: '2026-11-20T12:00:00.000Z' };

/** `POST /releases`, one at a time: each 202 means that SQS has the release. */
export async function measureAccept(report: Report, platform: Running, seconds: number): Promise<void> {
  const { headers } = await registerCompany(platform.url);
  const url = `${platform.url}/api/v1/releases`;
  const ours = await load({
    url,
    method: 'POST',
    headers,
    body: JSON.stringify(release),
    connections: 64,
    seconds,
  });
  const bare = await beside(JSON.stringify(release), seconds);
  report.add({
    what: 'accept single releases',
    figure: `${ours.requestsPerSecond.toFixed(0)}/s, p50 ${ours.p50} ms, p99 ${ours.p99} ms, ${ours.errors} errors`,
    baseline: `${bare.toFixed(0)}/s`,
    ratio: ours.requestsPerSecond / bare,
    aim: '≥ 2,000/s, p99 < 100 ms',
    met: ours.requestsPerSecond >= 2_000 && ours.p99 < 100 && ours.errors === 0,
  });
}

/** `POST /releases/batch`, 500 an answer. */
export async function measureBatchAccept(report: Report, platform: Running, seconds: number): Promise<void> {
  const { headers } = await registerCompany(platform.url);
  const size = 500;
  const body = JSON.stringify({ releases: Array.from({ length: size }, () => release) });
  const url = `${platform.url}/api/v1/releases/batch`;
  const ours = await load({ url, method: 'POST', headers, body, connections: 8, seconds });
  const bare = await beside(body, seconds);
  const perSecond = ours.requestsPerSecond * size;
  report.add({
    what: `accept releases in batches of ${size}`,
    figure: `${perSecond.toFixed(0)} releases/s, p99 ${ours.p99} ms, ${ours.errors} errors`,
    baseline: `${(bare * size).toFixed(0)} releases/s`,
    ratio: ours.requestsPerSecond / bare,
    aim: '≥ 10,000 releases/s',
    met: perSecond >= 10_000 && ours.errors === 0,
  });
}

async function beside(body: string, seconds: number): Promise<number> {
  const bare = await startBare(300);
  try {
    return (await load({ url: bare.url, method: 'POST', body, connections: 64, seconds })).requestsPerSecond;
  } finally {
    await bare.stop();
  }
}
