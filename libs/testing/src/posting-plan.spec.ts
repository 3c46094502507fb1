import { BusinessDate, DEFAULT_TIME_ZONE } from '@libs/kernel';
import { PostingPlan } from './posting-plan';

describe('PostingPlan', () => {
  const plan = PostingPlan.of();

  it('sends 2,000 releases of which a fifth are repetitions', () => {
    expect(plan.sends).toBe(2_000);
    expect(plan.releases).toHaveLength(1_600);
    expect(new Set(plan.postings.flatMap((posting) => posting.releases)).size).toBe(1_600);
  });

  it('repeats a key with the same body only', () => {
    const bodies = new Map<string, string>();
    for (const { key, releases } of plan.postings) {
      const body = JSON.stringify(releases);
      expect(bodies.get(key) ?? body).toBe(body);
      bodies.set(key, body);
    }
  });

  it('puts 02:59:59.999Z on the day before and 03:00:00.000Z on the day', () => {
    const small = PostingPlan.of({ sends: 200 });
    const [before, first] = small.releases.map((release) => release.occurredAt);
    expect([before, first]).toEqual(['2026-03-10T02:59:59.999Z', '2026-03-10T03:00:00.000Z']);
    const shown = [...small.days()].map(([date, day]) => [date, day.count]);
    const falling = (date: string): number =>
      small.releases.filter(
        ({ occurredAt }) => BusinessDate.of(new Date(occurredAt), DEFAULT_TIME_ZONE).toString() === date,
      ).length;
    expect(shown).toEqual(['2026-03-09', '2026-03-10', '2026-03-11'].map((date) => [date, falling(date)]));
  });

  it('has days that add up to its sum', () => {
    const days = [...plan.days().values()];
    const balance = days.reduce((total, day) => total + day.credits.minus(day.debits).cents, 0n);
    expect(balance).toBe(plan.sum().cents);
    expect(days.reduce((total, day) => total + day.count, 0)).toBe(1_600);
  });

  it('is the same for the same seed', () => {
    expect(PostingPlan.of({ seed: 7 })).toEqual(PostingPlan.of({ seed: 7 }));
  });
});
