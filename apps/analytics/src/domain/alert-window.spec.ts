import fc from 'fast-check';
import { dueAt, endsBefore, lastEnd } from './alert-window';
import { dayAt, offsetAt, QUARTER } from './local-time';

const DAY = 86_400_000;
const ZONES = [
  'America/Sao_Paulo',
  'America/New_York',
  'Europe/Lisbon',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
];
const shown = (at: number, zone: string) => new Date(at + offsetAt(at, zone)).toISOString();

describe('windows to compare with', () => {
  it('end at the same local weekday and time, whatever the clocks did since', () => {
    const end = Date.parse('2018-11-21T12:00:00.000Z'); // ten days after Brazil put its clocks forward, 10:00
    const ends = endsBefore(end, 'America/Sao_Paulo');
    expect(ends).toHaveLength(8);
    expect(ends.map((at) => shown(at, 'America/Sao_Paulo').slice(11, 16))).toEqual(Array(8).fill('10:00'));
    expect(ends.slice(0, 3).map((at) => new Date(at).toISOString())).toEqual([
      '2018-11-14T12:00:00.000Z',
      '2018-11-07T12:00:00.000Z',
      '2018-10-31T13:00:00.000Z',
    ]);
  });

  it('at a time that clocks skipped lie after the change, and of one that came twice are the first', () => {
    // Brazil had no midnight on 2018-11-04, and two hours from 23:00 on 2019-02-16
    const skipped = endsBefore(Date.parse('2018-11-11T02:30:00.000Z'), 'America/Sao_Paulo', 1);
    expect(skipped.map((at) => new Date(at).toISOString())).toEqual(['2018-11-04T03:30:00.000Z']);
    const twice = endsBefore(Date.parse('2019-02-24T02:30:00.000Z'), 'America/Sao_Paulo', 1);
    expect(twice.map((at) => new Date(at).toISOString())).toEqual(['2019-02-17T01:30:00.000Z']);
  });

  it('are quarters of an hour, a week apart but for the clocks, in any zone and year', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2005, 0, 1) / QUARTER, max: Date.UTC(2035, 0, 1) / QUARTER }),
        fc.constantFrom(...ZONES),
        (quarter, zone) => {
          const end = quarter * QUARTER;
          endsBefore(end, zone).forEach((at, week) => {
            expect(at % QUARTER).toBe(0);
            expect(Math.abs(end - at - 7 * DAY * (week + 1))).toBeLessThanOrEqual(3_600_000);
            const day = (instant: number) => new Date(dayAt(instant, zone)).getUTCDay();
            const same = shown(at, zone).slice(11) === shown(end, zone).slice(11);
            // or clocks skipped that time
            expect(same ? day(at) : day(end)).toBe(day(end));
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are judged a minute after they are over', () => {
    const noon = Date.parse('2026-03-11T15:00:00.000Z');
    expect(lastEnd(noon + 59_999)).toBe(noon - QUARTER);
    expect(lastEnd(noon + 60_000)).toBe(noon);
    expect(lastEnd(dueAt(noon).getTime())).toBe(noon);
  });
});
