import { NEW_EPISODE, turn } from './alert-episode';
import { endsToKnow, judge } from './alert-judgement';
import { Anomaly, SENSITIVITIES } from './alert-rule';
import { endsOfRest, WEEKS } from './alert-window';
import { isBrazilianHoliday } from './brazilian-holidays';
import { dayAt, QUARTER } from './local-time';

const BRAZIL = 'America/Sao_Paulo';
/** The same clocks, and no holidays. */
const ELSEWHERE = 'America/Argentina/Buenos_Aires';
const START = Date.parse('2025-11-03T03:00:00.000Z');
const END = Date.parse('2027-01-01T03:00:00.000Z');
const HOUR = 3_600_000;

/** Counts that chance spreads, and the same for the same seed. */
function year(perHour: number, rest: number, seed = 11): Float64Array {
  const next = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  const sums = new Float64Array((END - START) / QUARTER + 1);
  for (let at = 0; at + 1 < sums.length; at += 1) {
    const day = dayAt(START + at * QUARTER, BRAZIL);
    const weekday = new Date(day).getUTCDay();
    const resting = weekday === 0 || isBrazilianHoliday(day) ? rest : weekday === 6 ? (1 + rest) / 2 : 1;
    const shape = 0.25 + 1.5 * Math.max(0, Math.sin((((at % 96) / 4 - 6) / 18) * Math.PI));
    const rate = (perHour / 4) * shape * resting * Math.exp(0.05 * normal());
    sums[at + 1] = (sums[at] ?? 0) + Math.max(0, Math.round(rate + Math.sqrt(rate) * normal()));
  }
  return sums;
}

const rule = (sensitivity: Anomaly['sensitivity'], windowMinutes = 60): Anomaly => ({
  kind: 'anomaly',
  windowMinutes,
  sensitivity,
  direction: 'both',
});

const NEAR = new Set<string>();
for (let at = START; at < END; at += 24 * HOUR)
  for (const off of [-1, 0, 1])
    if (isBrazilianHoliday(dayAt(at + off * 24 * HOUR, BRAZIL))) NEAR.add(dayAt(at, BRAZIL));
const near = (end: number) => NEAR.has(dayAt(end, BRAZIL));

/** Around the holidays of 2026. */
function falseAlarms(sums: Float64Array, watched: Anomaly, timeZone: string): number {
  const width = watched.windowMinutes / 15;
  const valueAt = (end: number) => {
    const quarter = (end - START) / QUARTER;
    return (sums[quarter] ?? 0) - (sums[quarter - width] ?? 0);
  };
  let [episode, fired] = [NEW_EPISODE, 0];
  for (let end = START + 9 * 7 * 24 * HOUR; end < END; end += HOUR) {
    if (!near(end)) continue;
    const next = turn(episode, judge(watched, end, { valueAt, firstEvent: START, timeZone }));
    episode = next.episode;
    if (next.happened === 'fired') fired += 1;
  }
  return fired;
}

describe('a year with holidays', () => {
  it.each([
    ['of a trade that rests', 4_000, 0.3],
    ['of a small one that rests', 40, 0.2],
    ['of one that hardly does', 4_000, 0.9],
  ])(
    '%s tells of none of them, by the hour and by the day',
    (_, perHour, rest) => {
      const sums = year(perHour, rest);
      const alarms = (timeZone: string) =>
        [60, 1_440].map((window) =>
          SENSITIVITIES.map((one) => falseAlarms(sums, rule(one, window), timeZone)),
        );
      if (rest < 0.5) for (const [low = 0] of alarms(ELSEWHERE)) expect(low).toBeGreaterThan(5);
      for (const [low = 0, medium = 0] of alarms(BRAZIL)) expect([low, medium]).toEqual([0, 0]);
    },
    120_000,
  );

  it('tells of a holiday on which nothing works', () => {
    const sums = year(4_000, 0.3);
    const from = (Date.parse('2026-09-07T15:00:00.000Z') - START) / QUARTER;
    const gone = (sums[from + 8] ?? 0) - (sums[from] ?? 0);
    const broken = sums.map((sum, at) => (at <= from ? sum : sum - Math.min(gone, sum - (sums[from] ?? 0))));
    expect(falseAlarms(broken, rule('low'), BRAZIL)).toBeGreaterThan(0);
  });
});

describe('days of rest', () => {
  it('are the last eight Sundays and holidays, at the same time of day', () => {
    // the first Monday of the year’s Carnival, ten in the morning
    const ends = endsOfRest(Date.parse('2026-02-16T13:00:00.000Z'), 60, BRAZIL);
    expect(ends.map((at) => new Date(at).toISOString().slice(0, 13))).toEqual(
      ['02-15', '02-08', '02-01', '01-25', '01-18', '01-11', '01-04', '01-01'].map((day) => `2026-${day}T13`),
    );
  });

  it('end at midnight with their window, which is of the day before', () => {
    const ends = endsOfRest(Date.parse('2026-09-08T03:00:00.000Z'), 60, BRAZIL);
    expect(new Date(ends[0] ?? 0).toISOString()).toBe('2026-09-07T03:00:00.000Z');
    expect(dayAt((ends[0] ?? 0) - QUARTER, BRAZIL)).toBe('2026-09-06');
  });

  it('are asked for on holidays alone, each window once, and none longer ago than the weeks', () => {
    const count = (text: string, zone = BRAZIL) => endsToKnow(rule('low'), Date.parse(text), zone).length;
    expect(count('2026-09-09T13:00:00.000Z')).toBe(1 + WEEKS);
    expect(count('2026-09-07T13:00:00.000Z')).toBe(1 + 2 * WEEKS);
    expect(count('2026-09-07T13:00:00.000Z', ELSEWHERE)).toBe(1 + WEEKS);
    // a Sunday: the same eight
    expect(count('2026-11-15T13:00:00.000Z')).toBeLessThanOrEqual(1 + WEEKS + 3);
    const ends = endsOfRest(Date.parse('2026-09-07T13:00:00.000Z'), 60, BRAZIL);
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(
      Date.parse('2026-09-07T13:00:00.000Z') - 7 * WEEKS * 24 * HOUR,
    );
  });
});
