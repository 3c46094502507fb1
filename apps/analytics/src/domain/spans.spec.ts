import { dayAfter } from './local-time';
import { dueSpans, MadeDay, MadeSpan, SPAN_REST_MS } from './spans';

const NOW = new Date('2026-11-22T12:00:00.000Z');
/** The first whose number since 1970-01-01 is a multiple of 32. */
const FIRST = new Date(643 * 32 * 86_400_000).toISOString().slice(0, 10);

const daysFrom = (first: string, count: number): MadeDay[] =>
  Array.from({ length: count }, (_, i) => ({ day: dayAfter(first, i), made: BigInt(i + 1) }));
const madeOf = (days: readonly MadeDay[], madeAt: Date): MadeSpan[] =>
  dueSpans(days, [], NOW).due.map((span) => ({ ...span, madeAt }));
const longAgo = new Date(NOW.getTime() - SPAN_REST_MS);

describe('the spans that are due', () => {
  it('are a tree over 32 days, the smaller ones first', () => {
    const { due, waiting } = dueSpans(daysFrom(FIRST, 32), [], NOW);
    expect(due.map(({ days }) => days)).toEqual([
      ...Array<number>(16).fill(2),
      ...Array<number>(8).fill(4),
      ...[8, 8, 8, 8, 16, 16, 32],
    ]);
    expect(due.at(-1)).toEqual({ days: 32, first: FIRST, made: 528n });
    expect(waiting).toBe(false);
  });

  it('have every one of their days', () => {
    const days = daysFrom(FIRST, 8).filter(({ day }) => day !== dayAfter(FIRST, 5));
    expect(dueSpans(days, [], NOW).due.map(({ days, first }) => [days, first])).toEqual([
      [2, FIRST],
      [2, dayAfter(FIRST, 2)],
      [2, dayAfter(FIRST, 6)],
      [4, FIRST],
    ]);
  });

  it('begin nowhere but at a multiple of their length', () => {
    const { due } = dueSpans(daysFrom(dayAfter(FIRST), 2), [], NOW);
    expect(due).toEqual([]);
  });

  it('are none once they are made', () => {
    const days = daysFrom(FIRST, 11);
    expect(dueSpans(days, madeOf(days, NOW), NOW)).toEqual({ due: [], waiting: false });
  });

  it('are those of a day that was made again, when they have rested', () => {
    const days = daysFrom(FIRST, 32);
    const again = days.map((day, i) => (i === 9 ? { ...day, made: 99n } : day));
    const rested = dueSpans(again, madeOf(days, longAgo), NOW);
    expect(rested.due.map(({ days, first }) => [days, first])).toEqual([
      [2, dayAfter(FIRST, 8)],
      [4, dayAfter(FIRST, 8)],
      [8, dayAfter(FIRST, 8)],
      [16, FIRST],
      [32, FIRST],
    ]);
    expect(dueSpans(again, madeOf(days, new Date(longAgo.getTime() + 1)), NOW)).toEqual({
      due: [],
      waiting: true,
    });
  });
});
