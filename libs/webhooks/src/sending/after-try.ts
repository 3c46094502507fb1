import { SendOutcome } from './webhook-sender';

const MINUTE_S = 60;
const HOUR_S = 3_600;
/** Seconds until the next try, each a tenth more or less: receivers that fail together are not asked together. */
export const SCHEDULE_S = [
  10,
  MINUTE_S,
  5 * MINUTE_S,
  30 * MINUTE_S,
  2 * HOUR_S,
  5 * HOUR_S,
  10 * HOUR_S,
  14 * HOUR_S,
  20 * HOUR_S,
  24 * HOUR_S,
] as const;
const JITTER = 0.1;

/** What happens to a delivery after a try. */
export type Verdict =
  | { status: 'delivered' }
  | { status: 'failed'; reason: 'gone' | 'retries_exhausted' }
  | { status: 'waiting'; delaySeconds: number };

/**
 * @param step how many retries of the schedule are behind it
 * @param random 0 to 1
 */
export function afterTry(outcome: SendOutcome, step: number, random: number): Verdict {
  if (outcome.error === undefined) return { status: 'delivered' };
  if (outcome.httpStatus === 410) return { status: 'failed', reason: 'gone' };
  const pause = SCHEDULE_S[step];
  if (pause === undefined) return { status: 'failed', reason: 'retries_exhausted' };
  const delay = pause * (1 - JITTER + 2 * JITTER * random);
  return { status: 'waiting', delaySeconds: Math.max(delay, outcome.retryAfterSeconds ?? 0) };
}
