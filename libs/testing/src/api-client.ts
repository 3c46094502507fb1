import { setTimeout as sleep } from 'node:timers/promises';

/** Where each application listens; one address for all in the all-in-one. */
export interface Entrances {
  auth: string;
  releases: string;
  consolidated: string;
  events: string;
  analytics: string;
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Call {
  method?: string;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One HTTP exchange, whatever its status. */
export async function call<T>(base: string, path: string, options: Call = {}): Promise<Answer<T>> {
  const { method = options.body === undefined ? 'GET' : 'POST', token, body, headers } = options;
  const response = await fetch(new URL(path, base), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text ? JSON.parse(text) : undefined) as T,
  };
}

/** As `call`, for the statuses that are expected alone. @throws Error with the whole answer for any other */
export async function expectCall<T>(
  base: string,
  path: string,
  statuses: number[],
  options: Call = {},
): Promise<T> {
  const answer = await call<T>(base, path, options);
  if (!statuses.includes(answer.status)) {
    const method = options.method ?? (options.body === undefined ? 'GET' : 'POST');
    throw new Error(`${method} ${path} → ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}

/**
 * What a well-behaved client does with an idempotent request: it asks again, with the same key and body, while the
 * answer is "not now" (409 in flight, 429, 503) or the connection broke.
 * @throws Error after `within` milliseconds
 */
export async function persist<T>(attempt: () => Promise<Answer<T>>, within = 60_000): Promise<Answer<T>> {
  const deadline = Date.now() + within;
  for (;;) {
    let last: unknown;
    try {
      const answer = await attempt();
      if (![409, 429, 503].includes(answer.status)) return answer;
      last = `${answer.status} ${JSON.stringify(answer.body)}`;
    } catch (error) {
      if (!isConnectionFailure(error)) throw error;
      last = error;
    }
    if (Date.now() > deadline) throw new Error('gave up', { cause: last });
    await sleep(100);
  }
}

/** What fetch throws when the connection broke or nobody listens. Jest's TypeError is not fetch's: compare names. */
export function isConnectionFailure(error: unknown): boolean {
  return (error as Error).name === 'TypeError';
}
