import { TenantId } from '@libs/kernel';
import { Traffic, TrafficOptions } from './traffic';

const OPTIONS: TrafficOptions = {
  tenantId: '019a2b3c-0000-7000-8000-0000000000b0' as TenantId,
  appId: '019a2b3c-0000-7000-8000-0000000000b1',
  events: 8_000,
  days: 20,
  until: new Date('2026-11-18T15:20:00.000Z'),
  seed: 1,
};

function eventsOf(options: Partial<TrafficOptions> = {}) {
  const traffic = new Traffic({ ...OPTIONS, ...options });
  return traffic.parts.flatMap((part) => [...traffic.events(part)]);
}

describe('the traffic of the bench', () => {
  const events = eventsOf();

  it('has as many events as were asked for, each with an id of its own', () => {
    expect(events).toHaveLength(8_000);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(8_000);
  });

  it('is the same for the same seed, and another one for another', () => {
    expect(eventsOf()).toEqual(events);
    expect(eventsOf({ seed: 2 })[0]?.eventId).not.toBe(events[0]?.eventId);
  });

  it('gives the same events of a part whatever was made before', () => {
    const traffic = new Traffic(OPTIONS);
    const part = traffic.parts[7]!;
    const once = [...traffic.events(part)];
    expect([...new Traffic(OPTIONS).events(part)]).toEqual(once);
  });

  it('tells of nothing before its first day or after its end', () => {
    const times = events.map(({ occurredAt }) => occurredAt).sort();
    expect(times[0]! >= '2026-10-29T03:00:00.000Z').toBe(true);
    expect(times.at(-1)! < '2026-11-18T15:20:00.000Z').toBe(true);
  });

  it('is busy at noon and quiet at night, and has the events of a bank in a believable order', () => {
    const ofHour = (hour: number) =>
      events.filter(({ occurredAt }) => (new Date(occurredAt).getUTCHours() + 21) % 24 === hour).length;
    expect(ofHour(12)).toBeGreaterThan(5 * ofHour(3));
    const count = (type: string) => events.filter(({ eventType }) => eventType === type).length;
    expect(count('page_view')).toBeGreaterThan(count('login'));
    expect(count('transfer_initiated')).toBeGreaterThan(count('transfer_confirmed'));
    expect(count('transfer_confirmed')).toBeGreaterThan(count('transfer_completed'));
    expect(count('transfer_completed')).toBeGreaterThan(100);
  });

  it('counts on: a larger one fills more than one part of a day', () => {
    const parts = new Traffic({ ...OPTIONS, events: 4_000_000 }).parts;
    expect(parts.reduce((sum, part) => sum + part.events, 0)).toBe(4_000_000);
    expect(Math.max(...parts.map((part) => part.events))).toBeLessThanOrEqual(15_000);
  });
});
