import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or until `signal` says stop; which of them, the caller asks the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Waits for `work`, but not for ever: on the way out, nobody waits for a broker that is away. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([work, pause(ms, timer.signal)]);
  } finally {
    timer.abort();
  }
}

/** 0.25 s, 0.5 s, 1 s, … up to 5 s, give or take a fifth so that many do not knock together. */
export function backoff(attempt: number): number {
  return Math.min(5_000, 250 * 2 ** (attempt - 1)) * (0.8 + Math.random() * 0.4);
}
