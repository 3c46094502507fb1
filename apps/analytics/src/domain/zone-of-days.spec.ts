import { ZONE_REST_MS, zoneOfDays } from './zone-of-days';

const SINCE = new Date('2026-11-22T12:00:00Z');
const after = (ms: number) => new Date(SINCE.getTime() + ms);
const days = { zone: 'UTC', since: SINCE };

describe('the zone that days are made in', () => {
  it('is at once the one that is told first', () => {
    expect(zoneOfDays({ told: 'Asia/Tokyo' }, SINCE)).toBe('Asia/Tokyo');
  });

  it('follows another one after hours, however often that changes', () => {
    expect(zoneOfDays({ told: 'Asia/Tokyo', days }, after(ZONE_REST_MS - 1))).toBe('UTC');
    expect(zoneOfDays({ told: 'Asia/Tokyo', days }, after(ZONE_REST_MS))).toBe('Asia/Tokyo');
  });

  it('stays where the tenant came back meanwhile', () => {
    expect(zoneOfDays({ told: 'UTC', days }, after(2 * ZONE_REST_MS))).toBe('UTC');
  });
});
