import fc from 'fast-check';
import { BusinessDate, DEFAULT_TIME_ZONE, MalformedDate } from './business-date';

const instants = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('2100-01-01T00:00:00Z'),
  noInvalidDate: true,
});

describe('BusinessDate', () => {
  it.each([
    ['2026-11-22T02:59:59.999Z', '2026-11-21'],
    ['2026-11-22T03:00:00.000Z', '2026-11-22'],
    // Summer time, which Brazil ended in 2019: midnight is at 02:00Z.
    ['2018-12-25T01:59:59.999Z', '2018-12-24'],
    ['2018-12-25T02:00:00.000Z', '2018-12-25'],
    // 2018-11-04 had no midnight; 2019-02-16 had 23:00 twice.
    ['2018-11-04T03:00:00.000Z', '2018-11-04'],
    ['2018-11-04T02:59:59.999Z', '2018-11-03'],
    ['2019-02-17T01:30:00.000Z', '2019-02-16'],
    ['2019-02-17T02:30:00.000Z', '2019-02-16'],
    ['2019-02-17T03:00:00.000Z', '2019-02-17'],
    // years before 1000 keep their four digits
    ['0553-07-01T12:00:00.000Z', '0553-07-01'],
    ['0007-07-01T12:00:00.000Z', '0007-07-01'],
  ])('%s falls on %s in São Paulo', (instant, day) => {
    expect(BusinessDate.of(new Date(instant), DEFAULT_TIME_ZONE).toString()).toBe(day);
  });

  it('changes within the minute its zone says, as it did without being remembered', () => {
    const day = (instant: string, zone: string) => BusinessDate.of(new Date(instant), zone).toString();
    // Newfoundland turned its clocks back at 00:01: the day before came again
    expect(day('2006-10-29T02:30:59.999Z', 'America/St_Johns')).toBe('2006-10-29');
    expect(day('2006-10-29T02:31:00.000Z', 'America/St_Johns')).toBe('2006-10-28');
    // before 1914 São Paulo kept its own noon, 28 s off the minute
    expect(day('1910-01-01T03:06:27.000Z', 'America/Sao_Paulo')).toBe('1909-12-31');
    expect(day('1910-01-01T03:06:28.000Z', 'America/Sao_Paulo')).toBe('1910-01-01');
  });

  it('never runs backwards as time goes on', () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        const [earlier, later] = a < b ? [a, b] : [b, a];
        const day = BusinessDate.of(later, DEFAULT_TIME_ZONE);
        expect(BusinessDate.of(earlier, DEFAULT_TIME_ZONE).isAfter(day)).toBe(false);
      }),
    );
  });

  it('counts on from the day of any year that four digits can write', () => {
    const min = new Date('0001-01-02T00:00:00Z');
    const anyTime = fc.date({ min, max: new Date('9998-12-31T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(anyTime, (instant) => {
        const day = BusinessDate.of(instant, DEFAULT_TIME_ZONE);
        expect(BusinessDate.parse(day.toString()).equals(day)).toBe(true);
        expect(day.daysUntil(day.plusDays(182))).toBe(182);
      }),
    );
  });

  it('counts days both ways', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -4000, max: 4000 }), (instant, days) => {
        const day = BusinessDate.of(instant, 'UTC');
        expect(day.daysUntil(day.plusDays(days))).toBe(days);
        expect(day.plusDays(days).plusDays(-days).equals(day)).toBe(true);
      }),
    );
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-01',
    '20261101',
    '2026-11-22T00:00:00Z',
    '',
    '2026-11-31',
  ])('refuses %j', (text) => {
    expect(() => BusinessDate.parse(text)).toThrow(MalformedDate);
  });
});
