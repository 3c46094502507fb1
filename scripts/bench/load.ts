import autocannon from 'autocannon';

/** What one load run measured; latencies in milliseconds. */
export interface Load {
  requestsPerSecond: number;
  p50: number;
  p99: number;
  errors: number;
}

export interface LoadOptions {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  connections?: number;
  seconds: number;
}

/** Loads one route on loopback for `seconds`, after a warm-up of a quarter of that. */
export async function load(options: LoadOptions): Promise<Load> {
  await run({ ...options, seconds: Math.max(2, Math.round(options.seconds / 4)) });
  return run(options);
}

async function run(options: LoadOptions): Promise<Load> {
  const result = await autocannon({
    url: options.url,
    method: options.method ?? 'GET',
    headers: { ...(options.body ? { 'content-type': 'application/json' } : {}), ...options.headers },
    ...(options.body ? { body: options.body } : {}),
    connections: options.connections ?? 32,
    duration: options.seconds,
  });
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.non2xx + result.errors + result.timeouts,
  };
}
