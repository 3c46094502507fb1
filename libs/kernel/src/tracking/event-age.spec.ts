import { newId, TenantId } from '../ids';
import { inTime, oldestKept } from './event-age';

const NOW = new Date('2026-11-20T12:00:00.000Z');
const at = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString();
const tenantId = newId<TenantId>();
const event = (timestamp: string) => ({ tenantId, eventId: newId(), timestamp });

describe('the time of an event', () => {
  it('is admitted without asking what is kept when nobody could refuse it', async () => {
    const oldestOf = jest.fn();
    const events = [event(at(-27)), event(at(0)), event(at(32))];
    expect(await inTime(events, NOW, oldestOf)).toEqual({ admissible: events, refused: [] });
    expect(oldestOf).not.toHaveBeenCalled();
  });

  it('is too old before what is kept as of a week ago, and in the future beyond 32 days', async () => {
    const [kept, old, ahead] = [event(at(-40)), event(at(-41)), event(at(32.01))];
    const asked: unknown[] = [];
    const outcome = await inTime([kept, old, ahead, event(at(0))], NOW, async (tenantIds, asOf) => {
      asked.push([tenantIds, asOf.toISOString()]);
      return () => new Date(kept.timestamp);
    });
    expect(asked).toEqual([[[tenantId], at(-7)]]);
    expect(outcome.admissible).toHaveLength(2);
    expect(outcome.refused).toEqual([
      { event: old, code: 'too_old' },
      { event: ahead, code: 'timestamp_in_future' },
    ]);
  });

  it.each([
    { months: 1, keptFrom: new Date(0), oldest: '2026-10-01T00:00:00.000Z' },
    { months: 13, keptFrom: new Date(0), oldest: '2025-10-01T00:00:00.000Z' },
    { months: 13, keptFrom: new Date('2026-05-01T00:00:00Z'), oldest: '2026-05-01T00:00:00.000Z' },
  ])('is kept from $oldest on with $months months and $keptFrom given up', ({ months, keptFrom, oldest }) => {
    expect(oldestKept(months, keptFrom, NOW).toISOString()).toBe(oldest);
  });
});
