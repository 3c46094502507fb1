import { redisMissing, startRedis } from '@libs/embedded';
import { post, registerCompany } from './company';
import { Load, load } from './load';
import { Running, startBare, startPlatform } from './processes';
import { Report } from './report';

/** `GET /consolidated/daily` from the cache, token verified, limits and logs on, beside as many bytes from bare Fastify. */
export async function measureCachedRead(
  report: Report,
  platform: Running,
  seconds: number,
  store: { name: string; aim: number } = { name: 'in-process', aim: 0.25 },
): Promise<void> {
  const { headers } = await registerCompany(platform.url);
  const { id } = await post<{ id: string }>(
    `${platform.url}/api/v1/releases`,
    { description: 'Venda', amount: '12.34', occurredAt: '2026-11-20T12:00:00.000Z' },
    headers,
  );
  const day = `${platform.url}/api/v1/consolidated/daily?date=2026-11-20`;
  const first = await fetch(`${day}&after=${id}`, { headers });
  const bytes = (await first.text()).length;
  await fetch(day, { headers });
  const cached = await fetch(day, { headers });
  if (cached.headers.get('x-cache') !== 'HIT') throw new Error(`the day is not cached: ${cached.status}`);

  // In turn, three times: the machine's own speed drifts more than what is measured here.
  const bare = await startBare(bytes);
  const pairs: { ours: Load; baseline: Load; ratio: number }[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const ours = await load({ url: day, headers, seconds });
    const baseline = await load({ url: bare.url, seconds });
    pairs.push({ ours, baseline, ratio: ours.requestsPerSecond / baseline.requestsPerSecond });
  }
  await bare.stop();
  const [, median] = pairs.sort((one, other) => one.ratio - other.ratio);
  if (!median) throw new Error('no pair was measured');
  const { ours, baseline, ratio } = median;
  report.add({
    what: `read the cached day (${store.name} cache), median of three pairs`,
    figure: `${ours.requestsPerSecond.toFixed(0)}/s, p99 ${ours.p99} ms, ${ours.errors} errors`,
    baseline: `${baseline.requestsPerSecond.toFixed(0)}/s`,
    ratio,
    aim: `≥ ${store.aim * 100} % of bare Fastify, p99 < 10 ms`,
    met: ratio >= store.aim && ours.p99 < 10 && ours.errors === 0,
  });
}

/** The same with the platform's caches, limits and one-time values in a real Redis. */
export async function measureCachedReadOnRedis(report: Report, seconds: number): Promise<void> {
  const missing = redisMissing();
  if (missing) {
    process.stdout.write(`SKIPPED the cached day on Redis: ${missing}\n`);
    return;
  }
  const redis = await startRedis();
  const platform = await startPlatform({ REDIS_URL: redis.url });
  try {
    await measureCachedRead(report, platform, seconds, { name: 'Redis', aim: 0.1 });
  } finally {
    await platform.stop();
    await redis.stop();
  }
}
