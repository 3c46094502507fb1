import { isSameZone, isTimeZone, startOfDay } from './local-time';
import { InvalidPeriod, PeriodTooLong } from './period.errors';
import { Interval, Period } from './period';

const SAO_PAULO = 'America/Sao_Paulo';
const at = (text: string): Date => new Date(text);
const minutes = ({ start, end }: Interval): number => (end.getTime() - start.getTime()) / 60_000;

function expectWhole(period: Period, parts: readonly Interval[]): void {
  let at = period.from.getTime();
  const broken = parts.filter(({ start, end }) => {
    const follows = start.getTime() === at && end > start;
    at = end.getTime();
    return !follows;
  });
  expect(broken).toEqual([]);
  expect(at).toBe(period.to.getTime());
}

describe('local time', () => {
  it('begins a day that has no midnight where its clocks begin', () => {
    expect(startOfDay('2018-11-04', SAO_PAULO)).toBe(Date.parse('2018-11-04T03:00:00Z'));
    expect(startOfDay('2018-11-05', SAO_PAULO)).toBe(Date.parse('2018-11-05T02:00:00Z'));
  });

  it('takes names of the IANA data base and nothing else', () => {
    for (const name of [
      'America/Sao_Paulo',
      'UTC',
      'Asia/Kathmandu',
      'Etc/GMT+3',
      'America/Argentina/Ushuaia',
    ])
      expect(isTimeZone(name)).toBe(true);
    for (const name of [
      '',
      '+03:00',
      'Mars/Olympus',
      'America/Sao_Paulo\0',
      'a'.repeat(65),
      3,
      null,
      ['UTC'],
    ])
      expect(isTimeZone(name)).toBe(false);
  });

  it('knows two names of one zone', () => {
    expect(isSameZone('Asia/Calcutta', 'Asia/Kolkata')).toBe(true);
    expect(isSameZone('America/Sao_Paulo', 'America/Bahia')).toBe(false);
  });
});

describe('Period', () => {
  it('includes its last day', () => {
    const period = Period.ofDays('2026-11-01', '2026-11-30', SAO_PAULO);
    expect(period.from).toEqual(at('2026-11-01T03:00:00Z'));
    expect(period.to).toEqual(at('2026-12-01T03:00:00Z'));
    expect(period.days()).toHaveLength(30);
    expectWhole(period, period.days());
  });

  it.each([
    ['2019-02-16', SAO_PAULO, 25 * 60],
    ['2018-11-04', SAO_PAULO, 23 * 60],
    ['2026-04-05', 'Australia/Lord_Howe', 24.5 * 60],
    ['2026-10-04', 'Australia/Lord_Howe', 23.5 * 60],
    ['2026-11-22', 'Asia/Kathmandu', 24 * 60],
  ])('gives %s in %s its real length', (day, zone, length) => {
    const period = Period.ofDays(day, day, zone);
    const [only] = period.days();
    expect(period.days()).toHaveLength(1);
    expect(only && minutes(only)).toBe(length);
    expect(only?.whole).toBe(true);
    expectWhole(period, period.hours());
    for (const hour of period.hours()) expect(minutes(hour)).toBeLessThanOrEqual(60);
  });

  it('tells the two 23:00 hours of a day apart', () => {
    const hours = Period.ofDays('2019-02-16', '2019-02-16', SAO_PAULO).hours();
    expect(hours).toHaveLength(25);
    expect(hours.slice(-2).map(({ start }) => start)).toEqual([
      at('2019-02-17T01:00:00Z'),
      at('2019-02-17T02:00:00Z'),
    ]);
  });

  it('begins an hour where clocks are put forward or back by half of one', () => {
    const back = Period.ofDays('2026-04-05', '2026-04-05', 'Australia/Lord_Howe').hours();
    expect(back.map(minutes).filter((length) => length === 30)).toHaveLength(1);
    expect(back).toHaveLength(25);
    const forward = Period.ofDays('2026-10-04', '2026-10-04', 'Australia/Lord_Howe').hours();
    expect(forward).toHaveLength(24);
  });

  it('counts hours of Kathmandu from where its own clocks show them', () => {
    const [first] = Period.ofDays('2026-11-22', '2026-11-22', 'Asia/Kathmandu').hours();
    expect(first).toEqual({ start: at('2026-11-21T18:15:00Z'), end: at('2026-11-21T19:15:00Z') });
  });

  it('passes over a day that a zone skipped', () => {
    const days = Period.ofDays('2011-12-29', '2011-12-31', 'Pacific/Apia').days();
    expect(days.map(({ day }) => day)).toEqual(['2011-12-29', '2011-12-31']);
  });

  it('clips the first and the last day of two instants', () => {
    const period = Period.ofInstants(at('2026-11-01T12:10:00Z'), at('2026-11-03T04:00:00Z'), SAO_PAULO);
    expectWhole(period, period.days());
    expectWhole(period, period.hours());
    expect(period.days().map(({ day, whole }) => [day, whole])).toEqual([
      ['2026-11-01', false],
      ['2026-11-02', true],
      ['2026-11-03', false],
    ]);
  });

  it('is whole in every zone, over a year, by days and by hours', () => {
    for (const zone of Intl.supportedValuesOf('timeZone').filter((_, index) => index % 20 === 0)) {
      const period = Period.ofDays('2025-06-01', '2026-06-05', zone);
      expectWhole(period, period.days());
      expect(period.days()).toHaveLength(370);
      expectWhole(period, period.hours());
    }
  });

  it('widens to quarters of an hour', () => {
    const period = Period.ofInstants(
      at('2026-11-22T12:07:31.5Z'),
      at('2026-11-22T12:15:00.001Z'),
      'UTC',
    ).outward();
    expect([period.from, period.to]).toEqual([at('2026-11-22T12:00:00Z'), at('2026-11-22T12:30:00Z')]);
    const days = Period.ofDays('2026-11-22', '2026-11-22', 'Asia/Kathmandu');
    expect(days.outward()).toBe(days);
  });

  it('comes after as many days, also where those were shorter', () => {
    const previous = Period.ofDays('2018-11-05', '2018-11-06', SAO_PAULO).previous();
    expect(previous.from).toEqual(at('2018-11-03T03:00:00Z'));
    expect(previous.to).toEqual(at('2018-11-05T02:00:00Z'));
    const before = Period.ofInstants(
      at('2026-11-22T06:00:00Z'),
      at('2026-11-22T12:00:00Z'),
      'UTC',
    ).previous();
    expect(before.from).toEqual(at('2026-11-22T00:00:00Z'));
  });

  it('of the last days ends with the quarter of an hour that is under way', () => {
    const period = Period.last(30, at('2026-11-22T16:00:00Z'), SAO_PAULO);
    expect(period.from).toEqual(at('2026-10-24T03:00:00Z'));
    expect(period.to).toEqual(at('2026-11-22T16:15:00Z'));
  });

  it('refuses what is backwards, too long or far away', () => {
    expect(() => Period.ofDays('2026-11-02', '2026-11-01', 'UTC')).toThrow(InvalidPeriod);
    expect(() => Period.ofInstants(at('2026-11-02'), at('2026-11-02'), 'UTC')).toThrow(InvalidPeriod);
    expect(() => Period.ofDays('1999-12-31', '2000-01-02', 'UTC')).toThrow(InvalidPeriod);
    expect(() => Period.ofDays('9999-12-31', '9999-12-31', 'UTC')).toThrow(InvalidPeriod);
    expect(() => Period.ofDays('2025-01-01', '2026-02-05', 'UTC')).toThrow(PeriodTooLong);
    expect(Period.ofDays('2025-01-01', '2026-02-04', 'UTC').days()).toHaveLength(400);
  });
});
