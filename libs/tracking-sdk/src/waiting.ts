import { read, write } from './memory';

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
const MAX_TOLD_MS = 3_600_000;

/** In a row. */
export let failures = 0;
let notBefore = 0;

export function succeeded(): void {
  failures = 0;
}

/** What failed without an answer need not wait any longer; what the collector asked for stands. */
export function forgetWait(): void {
  notBefore = 0;
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

/** Until something may be sent; 0 or less: now. */
export function waitMs(): number {
  const told = Number(read('wait') || 0) - Date.now();
  // a clock that was put back must not make it wait for days
  return Math.max(notBefore - Date.now(), told > MAX_TOLD_MS * 2 ? 0 : told);
}
