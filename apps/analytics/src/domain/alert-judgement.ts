import { Anomaly, Condition, Sensitivity, Threshold } from './alert-rule';
import { endsBefore, endsOfRest, onHoliday, startOf } from './alert-window';

/** With fewer weeks nothing is called usual. */
export const FEWEST_WEEKS = 4;
/** A normal distribution's standard deviation, in medians of absolute deviations. */
const MAD_SCALE = 1.4826;
/** What a median of so few distances is too small by (Croux and Rousseeuw, 1992). */
const SMALL_SAMPLE: Readonly<Record<number, number>> = { 4: 1.363, 5: 1.206, 6: 1.2, 7: 1.14, 8: 1.129 };
/** Of a root whose usual value is itself only known from a few. */
const POISSON_SPREAD = 1.1;
/** So much of itself the traffic of a steady application varies by from week to week. */
const RATE_SPREAD = 0.12;
const LIMITS: Readonly<Record<Sensitivity, number>> = { low: 6, medium: 4.5, high: 3.5 };
/** An anomaly is over once a value is this part of the limit from the usual one: it must not flicker. */
const CALM = 2 / 3;

/** What a rule says of one window. */
export interface Judgement {
  /** Where the window ends. */
  readonly end: number;
  readonly value: number;
  /** What it is held against: a bound, or the usual value. Null while that is not known. */
  readonly expected: number | null;
  /** Robust deviations from the usual value; of anomalies only. */
  readonly score: number | null;
  readonly breach?: 'above' | 'below';
  /** Well within bounds: a second such window ends an incident. */
  readonly calm: boolean;
}

/** What a judgement needs to know. */
export interface Evidence {
  /** What was counted in the window that ends then. */
  valueAt: (end: number) => number;
  /** When the application's first event happened; undefined without any. */
  firstEvent: number | undefined;
  timeZone: string;
}

/** Where the windows end whose values a judgement asks for; itself first. */
export function endsToKnow(condition: Condition, end: number, timeZone: string): number[] {
  if (condition.kind === 'threshold') return [end];
  const rest = onHoliday(end, condition.windowMinutes, timeZone)(0)
    ? endsOfRest(end, condition.windowMinutes, timeZone)
    : [];
  return [...new Set([end, ...endsBefore(end, timeZone), ...rest])];
}

/** What the rule says of the window that ends then. */
export function judge(condition: Condition, end: number, evidence: Evidence): Judgement {
  const value = evidence.valueAt(end);
  const known = (at: number) =>
    evidence.firstEvent !== undefined && startOf(at, condition.windowMinutes) >= evidence.firstEvent;
  if (condition.kind === 'threshold') return byThreshold(condition, { end, value }, known(end));
  const { timeZone } = evidence;
  const isHoliday = onHoliday(end, condition.windowMinutes, timeZone);
  const before = endsBefore(end, timeZone);
  const weeks = before.filter(known);
  const ordinary = before.filter((at, week) => known(at) && !isHoliday(week + 1));
  const usual = [ordinary.length >= FEWEST_WEEKS ? ordinary : weeks];
  if (isHoliday(0)) usual.push(endsOfRest(end, condition.windowMinutes, timeZone).filter(known));
  return byAnomaly(
    condition,
    { end, value },
    usual.map((ends) => ends.map(evidence.valueAt)).filter(({ length }) => length >= FEWEST_WEEKS),
  );
}

type Window = Pick<Judgement, 'end' | 'value'>;

/** Before its first event nobody misses any. */
function byThreshold({ above, below }: Threshold, window: Window, known: boolean): Judgement {
  const { value } = window;
  if (above !== undefined && value > above)
    return { ...window, expected: above, score: null, breach: 'above', calm: false };
  if (!known) return { ...window, expected: null, score: null, calm: false };
  if (below !== undefined && value < below)
    return { ...window, expected: below, score: null, breach: 'below', calm: false };
  return { ...window, expected: above ?? below ?? null, score: null, calm: true };
}

/**
 * @param usual of ordinary days; and on a holiday of days of rest, too: trades differ in whether they rest, so what is between the two
 *   is as it may be, and what is beyond both is off by what the nearer one says
 */
function byAnomaly(
  { sensitivity, direction }: Anomaly,
  window: Window,
  usual: readonly (readonly number[])[],
): Judgement {
  const scores = usual.map((values) => robustScore(window.value, values));
  const nearest = scores.toSorted((one, other) => Math.abs(one.score) - Math.abs(other.score))[0];
  if (!nearest) return { ...window, expected: null, score: null, calm: false };
  const { expected } = nearest;
  const isBetween = scores.some(({ score }) => Math.sign(score) !== Math.sign(nearest.score));
  const score = isBetween ? 0 : nearest.score;
  const side = score > 0 ? 'above' : 'below';
  const off = direction === 'both' || direction === side ? Math.abs(score) : 0;
  const limit = LIMITS[sensitivity];
  return {
    ...window,
    expected,
    score,
    ...(off >= limit && { breach: side }),
    calm: off < limit * CALM,
  };
}

/**
 * How many robust deviations a value is from the median of the usual ones, by their roots: there counts spread alike on either side,
 * however few they are (Anscombe, 1948). A deviation is at least a Poisson process's, joined with what the rate itself varies by: the
 * median of eight distances is too rough a measure to be believed where it is small.
 */
export function robustScore(value: number, usual: readonly number[]): { expected: number; score: number } {
  const expected = median(usual);
  const middle = root(expected);
  const small = SMALL_SAMPLE[usual.length] ?? 1;
  const spread = MAD_SCALE * small * median(usual.map((one) => Math.abs(root(one) - middle)));
  const least = Math.hypot(POISSON_SPREAD, (RATE_SPREAD * middle) / 2);
  return { expected, score: (root(value) - middle) / Math.max(spread, least) };
}

/** Of any Poisson process the root has the standard deviation 1. */
function root(count: number): number {
  return 2 * Math.sqrt(count + 3 / 8);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
}
