import { Cohorts } from './cohorts';
import { funnelSteps, windowOf } from './funnel';
import { Period } from './period';
import { PeriodTooLong } from './period.errors';

const ZONE = 'America/Sao_Paulo';
const daysOf = (cohorts: Cohorts) => cohorts.table(new Map(), [], 0).map(({ day }) => day);

describe('cohorts', () => {
  it('are the whole local days that a time touches', () => {
    const period = Period.ofInstants(
      new Date('2018-11-03T12:00:00Z'),
      new Date('2018-11-05T02:00:01Z'),
      ZONE,
    );
    const cohorts = Cohorts.of('day', period, 2);
    expect(daysOf(cohorts)).toEqual(['2018-11-03', '2018-11-04', '2018-11-05']);
    // the day without a midnight is one of 23 hours
    expect(cohorts.bounds.map((bound) => bound.toISOString().slice(5, 16))).toEqual([
      '11-03T03:00',
      '11-04T03:00',
      '11-05T02:00',
      '11-06T02:00',
      '11-07T02:00',
      '11-08T02:00',
    ]);
    expect([cohorts.to, cohorts.until]).toEqual([cohorts.bounds[3], cohorts.bounds[5]]);
  });

  it('by week begin on Mondays', () => {
    const sunday = Period.ofDays('2026-11-22', '2026-11-22', ZONE);
    expect(daysOf(Cohorts.of('week', sunday, 1))).toEqual(['2026-11-16']);
    const both = Period.ofDays('2026-11-22', '2026-11-23', ZONE);
    expect(daysOf(Cohorts.of('week', both, 1))).toEqual(['2026-11-16', '2026-11-23']);
  });

  it('show what has begun, and say what is not over', () => {
    const cohorts = Cohorts.of('day', Period.ofDays('2026-11-01', '2026-11-02', 'UTC'), 3);
    const over = cohorts.over(new Date('2026-11-03T12:00:00Z'));
    const table = cohorts.table(new Map([[0, 8]]), [{ cohort: 0, bucket: 2, visitors: 2 }], over);
    expect(table.map(({ visitors, returned }) => [visitors, returned])).toEqual([
      [
        8,
        [
          { period: 1, visitors: 0, share: 0, complete: true },
          { period: 2, visitors: 2, share: 0.25, complete: false },
        ],
      ],
      [0, [{ period: 1, visitors: 0, share: null, complete: false }]],
    ]);
    expect(cohorts.over(new Date('2026-10-31T12:00:00Z'))).toBe(0);
    expect(cohorts.over(new Date('2027-01-01T00:00:00Z'))).toBe(5);
  });

  it('are never of more days, with the returns, than a report may be about', () => {
    const days = (first: string, last: string) => Period.ofDays(first, last, 'UTC');
    expect(() => Cohorts.of('day', days('2026-01-01', '2026-04-03'), 1)).toThrow(PeriodTooLong);
    expect(() => Cohorts.of('week', days('2026-01-01', '2026-07-31'), 1)).toThrow(PeriodTooLong);
    const { from, until } = Cohorts.of('week', days('2026-01-01', '2026-06-24'), 31);
    expect(() => Period.ofInstants(from, until, 'UTC')).not.toThrow();
  });
});

describe('a funnel', () => {
  it.each([
    ['1m', 60_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    ['129600m', 7_776_000_000],
    ['91d', undefined],
    ['0m', undefined],
    ['7', undefined],
    ['7w', undefined],
    ['1.5h', undefined],
    ['٣d', undefined],
    ['', undefined],
  ])('reads a window of %s as %s', (text, ms) => expect(windowOf(text)).toBe(ms));

  it('has no shares of nobody', () => {
    const nobody = { visitors: 0, medianMs: null };
    expect(funnelSteps({ steps: ['a', 'b'], windowMs: 1 }, [nobody, nobody])).toEqual([
      { eventType: 'a', ...nobody, ofFirst: null, ofPrevious: null },
      { eventType: 'b', ...nobody, ofFirst: null, ofPrevious: null },
    ]);
  });
});
