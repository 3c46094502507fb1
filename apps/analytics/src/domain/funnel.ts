/** What a visitor does in this order, each strictly later than the one before, and all of it within a time of the first. */
export interface Funnel {
  /** Event types; one may stand several times. */
  readonly steps: readonly string[];
  /** From the first step to any later one, at most; itself included. */
  readonly windowMs: number;
}

/** Who got as far as a step. */
export interface StepReached {
  readonly visitors: number;
  /** Of the times from the first step; null where nobody came. */
  readonly medianMs: number | null;
}

export interface FunnelStep extends StepReached {
  readonly eventType: string;
  /** Of those who took the first step; null where nobody did. */
  readonly ofFirst: number | null;
  /** Of those who took the step before. */
  readonly ofPrevious: number | null;
}

export const FEWEST_STEPS = 2;
export const MOST_STEPS = 8;
const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: 1_440 * MINUTE };
const LONGEST_WINDOW = 90 * 1_440 * MINUTE;

/** `30m`, `12h`, `7d`; undefined for anything else, and for less than a minute or more than 90 days. */
export function windowOf(text: string): number | undefined {
  const match = /^([1-9]\d{0,5})([mhd])$/.exec(text);
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  return ms <= LONGEST_WINDOW ? ms : undefined;
}

export function funnelSteps({ steps }: Funnel, reached: readonly StepReached[]): FunnelStep[] {
  return reached.map((step, at) => ({
    eventType: steps[at] ?? '',
    ...step,
    ofFirst: shareOf(step.visitors, reached[0]?.visitors),
    ofPrevious: shareOf(step.visitors, reached[at === 0 ? 0 : at - 1]?.visitors),
  }));
}

/** Rounded to four places; null of nothing. */
export function shareOf(part: number, whole: number | undefined): number | null {
  return whole ? Math.round((part / whole) * 10_000) / 10_000 : null;
}
