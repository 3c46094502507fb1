import { dueDays, TouchedDay } from './due-days';

const ZONE = 'America/Sao_Paulo';
const NOW = new Date('2026-11-22T16:20:00Z');
const QUIET = new Date('2026-11-22T16:00:00Z');
const QUIET_DAY = new Date('2026-11-21T16:00:00Z');
const touched = (day: string, seq = 7n, changedAt = QUIET): TouchedDay => ({ day, seq, changedAt });
const told = (...args: Parameters<typeof dueDays>): string[] =>
  dueDays(...args).due.map(({ day, end }) => `${day} to ${end.toISOString().slice(0, 16)}`);

describe('which days are to be made', () => {
  it('are the local days that a UTC day touches, the present before the past', () => {
    expect(told([touched('2026-11-10')], [], ZONE, NOW)).toEqual([
      '2026-11-10 to 2026-11-11T03:00',
      '2026-11-09 to 2026-11-10T03:00',
    ]);
  });

  it('is today, too, as far as its hours are over and what came late is in', () => {
    expect(told([touched('2026-11-22')], [], ZONE, NOW)[0]).toBe('2026-11-22 to 2026-11-22T16:00');
    const early = new Date('2026-11-22T16:00:30Z');
    expect(told([touched('2026-11-22')], [], ZONE, early)[0]).toBe('2026-11-22 to 2026-11-22T15:00');
  });

  it('is none that has not begun', () => {
    expect(told([touched('2026-11-23')], [], ZONE, NOW)).toEqual([]);
  });

  it('are not those that were made since they last changed', () => {
    const built = { day: '2026-11-10', end: new Date('2026-11-11T03:00:00Z'), seq: 7n, madeAt: QUIET_DAY };
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
    const { due } = dueDays([touched('2026-11-09', 3n), touched('2026-11-10', 9n)], [], ZONE, NOW);
    expect(due.find(({ day }) => day === '2026-11-09')?.seq).toBe(9n);
  });

  describe('of the past that were made', () => {
    const ago = (ms: number) => new Date(NOW.getTime() - ms);
    const made = (day: string, madeAt: Date) => ({
      day,
      end: new Date(Date.parse(`${day}T03:00:00Z`) + 86_400_000),
      seq: 1n,
      madeAt,
    });
    const again = (day: string, madeAt: Date) => dueDays([touched(day)], [made(day, madeAt)], ZONE, NOW);

    it('rest the longer the older they are, an hour at most, whatever comes late', () => {
      expect(again('2026-11-10', ago(10 * 60_000))).toMatchObject({
        waiting: true,
        due: [{ day: '2026-11-09' }],
      });
      expect(again('2026-11-10', ago(12 * 60_000)).due).toHaveLength(2);
      expect(again('2026-01-10', ago(59 * 60_000)).due).toHaveLength(1);
      expect(again('2026-01-10', ago(61 * 60_000)).due).toHaveLength(2);
    });

    it('do not keep those of now, which are made as often as they change', () => {
      const now = { ...made('2026-11-22', ago(1_000)), end: new Date('2026-11-22T15:00:00Z') };
      expect(dueDays([touched('2026-11-22')], [now], ZONE, NOW).due.map(({ day }) => day)).toContain(
        '2026-11-22',
      );
    });

    it('come after what was never made: old days that are spoiled every minute keep nobody from the present', () => {
      const days = ['2026-01-10', '2026-02-10', '2026-11-22'].map((day) => touched(day));
      const spoiled = ['2026-01-09', '2026-01-10', '2026-02-09', '2026-02-10'].map((day) =>
        made(day, QUIET_DAY),
      );
      expect(told(days, spoiled, ZONE, NOW).map((text) => text.slice(0, 10))).toEqual([
        '2026-11-22',
        '2026-11-21',
        '2026-02-10',
        '2026-02-09',
        '2026-01-10',
        '2026-01-09',
      ]);
    });
  });
});
