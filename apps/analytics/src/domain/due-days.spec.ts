import { dueDays, TouchedDay } from './due-days';

const ZONE = 'America/Sao_Paulo';
const NOW = new Date('2026-11-22T16:20:00Z');
const QUIET = new Date('2026-11-22T16:00:00Z');
const touched = (day: string, seq = 7n, changedAt = QUIET): TouchedDay => ({ day, seq, changedAt });
const told = (...args: Parameters<typeof dueDays>): string[] =>
  dueDays(...args).map(({ day, end }) => `${day} to ${end.toISOString().slice(0, 16)}`);

describe('which days are to be made', () => {
  it('are the local days that a UTC day touches, oldest first', () => {
    expect(told([touched('2026-11-10')], [], ZONE, NOW)).toEqual([
      '2026-11-09 to 2026-11-10T03:00',
      '2026-11-10 to 2026-11-11T03:00',
    ]);
  });

  it('is today, too, as far as its hours are over and what came late is in', () => {
    expect(told([touched('2026-11-22')], [], ZONE, NOW).at(-1)).toBe('2026-11-22 to 2026-11-22T16:00');
    const early = new Date('2026-11-22T16:00:30Z');
    expect(told([touched('2026-11-22')], [], ZONE, early).at(-1)).toBe('2026-11-22 to 2026-11-22T15:00');
  });

  it('is none that has not begun', () => {
    expect(told([touched('2026-11-23')], [], ZONE, NOW)).toEqual([]);
  });

  it('are not those that were made since they last changed', () => {
    const built = { day: '2026-11-10', end: new Date('2026-11-11T03:00:00Z'), seq: 7n };
    const days = [touched('2026-11-10')];
    expect(told(days, [built], ZONE, NOW)).toEqual(['2026-11-09 to 2026-11-10T03:00']);
    expect(told(days, [{ ...built, seq: 6n }], ZONE, NOW)).toHaveLength(2);
    expect(told(days, [{ ...built, end: new Date('2026-11-10T20:00:00Z') }], ZONE, NOW)).toHaveLength(2);
  });

  it('waits until a day of the past is quiet, and not with those of now', () => {
    const changing = new Date(NOW.getTime() - 1_000);
    expect(told([touched('2026-11-10', 7n, changing)], [], ZONE, NOW)).toEqual([]);
    expect(told([touched('2026-11-22', 7n, changing)], [], ZONE, NOW)).toHaveLength(2);
  });

  it('knows the sequence of both UTC days that a local day lies in', () => {
    const [day] = dueDays([touched('2026-11-09', 3n), touched('2026-11-10', 9n)], [], ZONE, NOW).filter(
      ({ day }) => day === '2026-11-09',
    );
    expect(day?.seq).toBe(9n);
  });
});
