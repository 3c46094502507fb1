import { dayAfter } from './local-time';

/** In days; each is two of the one before. */
const SPAN_LENGTHS = [2, 4, 8, 16, 32] as const;
/** So long one that is outdated waits: days of which late events come are made again every minute, and each lies in five spans. */
export const SPAN_REST_MS = 5 * 60_000;
const DAY = 86_400_000;

/** A local day that is made; `made` grows with each making. */
export interface MadeDay {
  day: string;
  made: bigint;
}

export interface SpanKey {
  days: number;
  /** Its number since 1970-01-01 is a multiple of `days`. */
  first: string;
}

export interface MadeSpan extends SpanKey {
  /** Of its days, added up. */
  made: bigint;
  madeAt: Date;
}

export interface DueSpans {
  /** Smaller ones first: larger ones are made of them. */
  due: (SpanKey & { made: bigint })[];
  /** Some are outdated and wait. */
  waiting: boolean;
}

/** Which spans are to be made, again or at all: those of which every day is made. */
export function dueSpans(days: readonly MadeDay[], spans: readonly MadeSpan[], now: Date): DueSpans {
  const known = new Map(spans.map((span) => [nameOf(span), span]));
  const found: DueSpans = { due: [], waiting: false };
  let smaller = new Map(days.map(({ day, made }) => [day, made]));
  for (const length of SPAN_LENGTHS) {
    const whole = new Map<string, bigint>();
    for (const [first, made] of smaller) {
      const after = smaller.get(dayAfter(first, length / 2));
      if (after === undefined || (Date.parse(first) / DAY) % length !== 0) continue;
      const span = { days: length, first, made: made + after };
      whole.set(first, span.made);
      const before = known.get(nameOf(span));
      if (before?.made === span.made) continue;
      if (before && now.getTime() - before.madeAt.getTime() < SPAN_REST_MS) found.waiting = true;
      else found.due.push(span);
    }
    smaller = whole;
  }
  return found;
}

function nameOf({ days, first }: SpanKey): string {
  return `${days} ${first}`;
}
