import { isUuid } from '@libs/kernel';
import { demoEvents } from './demo-events';

const NOW = new Date('2026-11-18T15:00:00.000Z');

describe("what the demo company's customers did", () => {
  const events = demoEvents(NOW);

  it('has all 19 types, of several people on several devices, in ten weeks and no later than now', () => {
    expect(new Set(events.map(({ event_type: type }) => type)).size).toBe(19);
    const people = new Set(events.map(({ user }) => user.user_id).filter((id) => id !== undefined));
    expect(people.size).toBeGreaterThanOrEqual(6);
    expect(new Set(events.map(({ context }) => context['user_agent'])).size).toBeGreaterThanOrEqual(6);
    const times = events.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort());
    expect(times.at(-1)?.localeCompare(NOW.toISOString())).toBeLessThanOrEqual(0);
    expect(times[0]?.slice(0, 10)).toBe('2026-09-09');
  });

  it('is a believable month: some thousands, sent in seconds', () => {
    expect(events.length).toBeGreaterThan(1_500);
    expect(events.length).toBeLessThan(6_000);
  });

  it('has guests without an account, from several places, most of whom come once', () => {
    const guests = events.filter(({ user }) => user.user_id === undefined);
    const visits = new Map<string, Set<string>>();
    for (const { user, session } of guests)
      visits.set(user.device_id, (visits.get(user.device_id) ?? new Set()).add(session.session_id));
    const often = [...visits.values()].filter(({ size }) => size > 1);
    expect(visits.size).toBeGreaterThan(80);
    expect(often.length).toBeGreaterThan(visits.size * 0.2);
    expect(often.length).toBeLessThan(visits.size * 0.8);
    expect(new Set(guests.map(({ context }) => context['referrer'])).size).toBe(4);
    const paying = guests.filter(({ event_type: type }) => type === 'payment_initiated');
    expect(paying.length).toBeGreaterThan(5);
    expect(paying.length).toBeLessThan(visits.size * 0.4);
  });

  it('gives every event an id of its own, the same whenever one asks', () => {
    const ids = events.map(({ event_id: id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => isUuid(id))).toBe(true);
    const tomorrow = new Map(
      demoEvents(new Date('2026-11-19T15:00:00.000Z')).map((event) => [event.event_id, event]),
    );
    const again = events.filter(({ event_id: id }) => tomorrow.has(id));
    expect(again.length).toBeGreaterThan(events.length * 0.9);
    for (const event of again) expect(tomorrow.get(event.event_id)).toEqual(event);
  });

  it('lets one of them spend far more than usual on one category last week', () => {
    const [person] = new Set(events.map(({ user }) => user.user_id));
    expect(person).toBeDefined();
    const weeks = new Map<string, number>();
    for (const { event_type: type, properties, timestamp, user } of events) {
      if (type !== 'payment_completed' || properties['category_id'] !== 'restaurantes') continue;
      const week = Math.floor(
        (Date.parse(timestamp) - Date.parse('2026-11-09T03:00:00.000Z')) / (7 * 86_400_000),
      );
      const key = `${user.user_id}/${week}`;
      weeks.set(key, (weeks.get(key) ?? 0) + Number(properties['amount']));
    }
    const last = [...weeks].filter(([key]) => key.endsWith('/0')).map(([, sum]) => sum);
    const before = [...weeks].filter(([key]) => key.endsWith('/-1')).map(([, sum]) => sum);
    expect(Math.max(...last)).toBeGreaterThan(2.5 * Math.max(...before));
  });
});
