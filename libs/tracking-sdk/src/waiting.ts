import { read, write } from './memory';

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
/** With the quarter that chance adds. */
export const LONGEST_MS = MAX_RETRY_MS * 1.25;
const MAX_TOLD_MS = 3_600_000;

/** In a row. */
export let failures = 0;
let notBefore = 0;

/** Something was taken, or the network came back: nothing waits any longer; what the collector asked for stands. */
export function forgetFailures(): void {
  failures = notBefore = 0;
}

/** @returns how long to wait, in milliseconds: as the collector said, else longer each time */
export function failed(retryAfter: string | null): number {
  const told = retryAfter ? Number(retryAfter) * 1_000 || Date.parse(retryAfter) - Date.now() : 0;
  let wait = backoff(++failures);
  if (told > 0) {
    wait = Math.min(told, MAX_TOLD_MS) + Math.random() * FIRST_RETRY_MS;
    // for all tabs, and for the page that comes after this one
    write('wait', String(Date.now() + wait));
  } else notBefore = Date.now() + wait;
  return Math.round(wait);
}

/** 1, 2, 4 … 60 s and up to a quarter more, so that a thousand pages do not come back in the same moment. */
export function backoff(tries: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), MAX_RETRY_MS) * (1 + Math.random() / 4);
}

/** Milliseconds until then; none where that is further away than any wait: the clock was put back meanwhile. */
export function until(at: number, longest = LONGEST_MS): number {
  const wait = at - Date.now();
  return wait > longest ? 0 : wait;
}

/** Until something may be sent; 0 or less: now. */
export function waitMs(): number {
  return Math.max(until(notBefore), until(Number(read('wait') || 0), MAX_TOLD_MS + FIRST_RETRY_MS));
}
