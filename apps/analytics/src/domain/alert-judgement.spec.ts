import fc from 'fast-check';
import { NEW_EPISODE, turn } from './alert-episode';
import { judge, robustScore } from './alert-judgement';
import { Anomaly, Sensitivity, SENSITIVITIES } from './alert-rule';
import { WEEKS } from './alert-window';
import { QUARTER } from './local-time';

const QUARTERS_A_WEEK = 672;
const START = Date.UTC(2026, 0, 5);
const anomaly = (sensitivity: Sensitivity, windowMinutes = 60): Anomaly => ({
  kind: 'anomaly',
  windowMinutes,
  sensitivity,
  direction: 'both',
});

describe('a score', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 4, maxLength: 8 });

  it('is 0 at the median, rises with the value, and does not care about the order of weeks', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 1e6 }), (usual, value) => {
        const { expected, score } = robustScore(value, usual);
        expect(Math.sign(score)).toBe(Math.sign(value - expected));
        expect(robustScore(value + 1, usual).score).toBeGreaterThan(score);
        expect(robustScore(value, [...usual].reverse())).toEqual({ expected, score });
      }),
    );
  });

  it('is not moved far by a holiday among the weeks', () => {
    const weeks = [980, 1_010, 1_000, 1_020, 990, 1_000, 1_015, 985];
    const withHoliday = [...weeks.slice(0, 7), 30];
    expect(robustScore(1_005, withHoliday).score).toBeCloseTo(robustScore(1_005, weeks).score, 0);
    expect(robustScore(400, withHoliday).score).toBeLessThan(-4.5);
  });

  it('of steady, busy traffic passes each limit where the handbook says', () => {
    const usual = Array<number>(8).fill(100_000);
    const factor = (limit: number, sign: 1 | -1) => {
      let part = 1;
      while (Math.abs(robustScore(100_000 * part, usual).score) < limit) part += sign * 0.005;
      return Number(part.toFixed(2));
    };
    expect([6, 4.5, 3.5].map((limit) => [factor(limit, -1), factor(limit, 1)])).toEqual([
      [0.4, 1.85],
      [0.53, 1.61],
      [0.62, 1.46],
    ]);
  });
});

/** Numbers that are the same for the same seed (mulberry32). */
function chance(seed: number) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const poisson = (mean: number) => {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let [count, product] = [-1, 1];
    for (const limit = Math.exp(-mean); product > limit; product *= next()) count += 1;
    return count;
  };
  return { normal, poisson };
}

interface Traffic {
  perHour: number;
  /** What a quarter's rate varies by beside chance, and a day's; parts of itself. */
  noise: readonly [quarter: number, day: number];
  weeks: number;
  seed?: number;
}

/** Sums up to each quarter, of traffic with days, nights and week-ends; after eight weeks to learn from. */
function traffic({ perHour, noise: [ofQuarter, ofDay], weeks, seed = 7 }: Traffic): Float64Array {
  const { normal, poisson } = chance(seed);
  const sums = new Float64Array((weeks + WEEKS) * QUARTERS_A_WEEK + 1);
  let day = 1;
  for (let quarter = 0; quarter + 1 < sums.length; quarter += 1) {
    if (quarter % 96 === 0) day = Math.exp(ofDay * normal());
    const hour = (quarter % 96) / 4;
    const weekend = Math.floor(quarter / 96) % 7 >= 5 ? 0.6 : 1;
    const shape = (0.25 + 1.5 * Math.max(0, Math.sin(((hour - 6) / 18) * Math.PI))) * weekend;
    const rate = (perHour / 4) * shape * day * Math.exp(ofQuarter * normal() - ofQuarter ** 2 / 2);
    sums[quarter + 1] = (sums[quarter] ?? 0) + poisson(rate);
  }
  return sums;
}

/** How often it fires from `from` weeks on. */
function firings(sums: Float64Array, rule: Anomaly, from = WEEKS + 1): number {
  const width = rule.windowMinutes / 15;
  const valueAt = (end: number) => {
    const quarter = (end - START) / QUARTER;
    return (sums[quarter] ?? 0) - (sums[quarter - width] ?? 0);
  };
  let [episode, fired] = [NEW_EPISODE, 0];
  for (let quarter = from * QUARTERS_A_WEEK; quarter < sums.length; quarter += 1) {
    const next = turn(
      episode,
      judge(rule, START + quarter * QUARTER, { valueAt, firstEvent: START, timeZone: 'UTC' }),
    );
    episode = next.episode;
    if (next.happened === 'fired') fired += 1;
  }
  return fired;
}

describe('traffic as it is', () => {
  const WEEKS_SEEN = 13;
  /** False alarms a year at each sensitivity, of windows of an hour. */
  const aYear = (perHour: number, noise: Traffic['noise']) => {
    const sums = traffic({ perHour, noise, weeks: WEEKS_SEEN });
    return SENSITIVITIES.map((one) => (firings(sums, anomaly(one)) * 52) / (WEEKS_SEEN - 1));
  };

  it.each([
    ['rare', 4, [0, 0]],
    ['much', 4_000, [0, 0]],
    ['some and restless', 40, [0.2, 0.05]],
    ['much and restless', 4_000, [0.2, 0.05]],
  ] as const)('that is quiet wakes nobody in vain: %s', (_, perHour, noise) => {
    const [low, medium, high] = aYear(perHour, noise);
    expect(low).toBe(0);
    expect(medium).toBeLessThanOrEqual(9);
    expect(high).toBeLessThanOrEqual(40);
  });

  it.each([
    ['stands still', 0],
    ['falls to a third', 1 / 3],
    ['is two and a half times as much', 2.5],
    ['is five times as much', 5],
  ])('that %s for two hours of a day is found by every sensitivity', (_, factor) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const sums = traffic({ perHour: 4_000, noise: [0.1, 0.05], weeks: 1, seed });
      const planted = (WEEKS * 7 + 1) * 96 + 4 * 14;
      const changed = plantedIn(sums, planted, 8, factor);
      for (const sensitivity of SENSITIVITIES)
        expect(firings(changed, anomaly(sensitivity), WEEKS)).toBeGreaterThanOrEqual(1);
    }
  });
});

/** The same traffic, but for `quarters` of it from `first` on. */
function plantedIn(sums: Float64Array, first: number, quarters: number, factor: number): Float64Array {
  const changed = Float64Array.from(sums);
  for (let quarter = first; quarter < sums.length; quarter += 1) {
    const own = (sums[quarter] ?? 0) - (sums[quarter - 1] ?? 0);
    changed[quarter] = (changed[quarter - 1] ?? 0) + (quarter < first + quarters ? own * factor : own);
  }
  return changed;
}
