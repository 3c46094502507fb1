import fc from 'fast-check';
import {
  canonicalInstant,
  MAX_AHEAD_MS,
  MAX_SKEW_MS,
  occurredAt,
  parseInstant,
  timeRefusal,
  timestampOfId,
} from './event-time';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const MINUTE = 60_000;

describe('parseInstant', () => {
  it.each([
    ['2026-11-22T09:00:00-03:00', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22t12:00:00z', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22T12:00:00.1Z', '2026-11-22T12:00:00.100Z'],
    ['2026-11-22T12:00:00.123999Z', '2026-11-22T12:00:00.123Z'],
    ['2026-11-22T12:00:00.1234Z', '2026-11-22T12:00:00.123Z'],
    ['2024-02-29T23:59:59+14:00', '2024-02-29T09:59:59.000Z'],
    ['2000-02-29T00:00:00.000Z', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s as %s', (text, instant) => expect(canonicalInstant(text)).toBe(instant));

  it.each([
    '2026-11-22',
    '2026-11-22T12:00:00',
    '2026-11-22 12:00:00Z',
    '2026-02-29T12:00:00Z',
    '1900-02-29T12:00:00.000Z',
    '2026-04-31T12:00:00.000Z',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00.000Z',
    '2026-01-00T12:00:00.000Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T12:60:00.000Z',
    '2026-11-22T12:00:60Z',
    '2026-11-22T12:00:00+24:00',
    '2026-11-22T12:00:00-00:60',
    '2026-11-22T12:00Z',
    '2026-11-22T12:00:00.Z',
    '2026-11-22T12:00:00.0x0Z',
    '2026-11-22T12:00:00.-10Z',
    '2026/11/22T12:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
    '+012026-11-22T12:00:00Z',
    '٢٠٢٦-11-22T12:00:00.000Z',
    ' 2026-11-22T12:00:00.000Z',
    '2026-11-22T12:00:00.000Z\n',
    '1763812800000',
    '',
  ])('refuses %p', (text) => {
    expect(parseInstant(text)).toBeNaN();
    expect(canonicalInstant(text)).toBeUndefined();
  });

  it('agrees with JavaScript on every instant of its own spelling', () => {
    const dates = fc.date({
      noInvalidDate: true,
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseInstant(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 5_000 },
    );
  });

  it('accepts no day that JavaScript would roll over', () => {
    const part = (max: number, length: number) =>
      fc.integer({ min: 0, max }).map((value) => String(value).padStart(length, '0'));
    const times = fc.tuple(part(9_999, 4), part(14, 2), part(33, 2), part(25, 2), part(61, 2), part(61, 2));
    fc.assert(
      fc.property(times, ([year, month, day, hour, minute, second]) => {
        const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
        const instant = parseInstant(text);
        if (!Number.isNaN(instant)) expect(new Date(instant).toISOString()).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('occurredAt', () => {
  it('believes a clock that is right, but never into the future', () => {
    expect(occurredAt(NOW - MINUTE, NOW)).toBe(NOW - MINUTE);
    expect(occurredAt(NOW + MINUTE, NOW)).toBe(NOW);
    expect(occurredAt(NOW - MINUTE, NOW, NOW - 1_500)).toBe(NOW - MINUTE);
  });

  it('takes the skew of a wrong clock away', () => {
    const skew = 90 * MINUTE;
    expect(occurredAt(NOW + skew - MINUTE, NOW, NOW + skew)).toBe(NOW - MINUTE);
    expect(occurredAt(NOW - skew - MINUTE, NOW, NOW - skew)).toBe(NOW - MINUTE);
  });

  it('does not believe a clock that is more than a month off, either way', () => {
    const at = NOW - MINUTE;
    expect(occurredAt(at, NOW, Date.parse('3500-01-01T00:00:00.000Z'))).toBe(at);
    expect(occurredAt(at, NOW, Date.parse('0001-01-01T00:00:00.000Z'))).toBe(at);
    expect(occurredAt(at, NOW, NOW + MAX_SKEW_MS)).toBe(at - MAX_SKEW_MS);
    expect(occurredAt(at, NOW, NOW + MAX_SKEW_MS + 1)).toBe(at);
    expect(occurredAt(NOW + MAX_AHEAD_MS, NOW, NOW - MAX_SKEW_MS - 1)).toBe(NOW);
  });

  it('is never further from an admitted time than a clock may be off', () => {
    const around = fc.integer({ min: NOW - 3_650 * 86_400_000, max: NOW + MAX_AHEAD_MS });
    const years = fc.integer({ min: parseInstant('0001-01-01T00:00:00.000Z'), max: 253_402_300_799_999 });
    fc.assert(
      fc.property(around, fc.oneof(years, around), (timestamp, sent) => {
        expect(Math.abs(occurredAt(timestamp, NOW, sent) - timestamp)).toBeLessThanOrEqual(MAX_SKEW_MS);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never later than the arrival, whatever the clocks say', () => {
    const instant = fc.integer({ min: -(2 ** 45), max: 2 ** 45 });
    fc.assert(
      fc.property(instant, instant, fc.option(instant, { nil: undefined }), (timestamp, received, sent) => {
        expect(occurredAt(timestamp, received, sent)).toBeLessThanOrEqual(received);
      }),
    );
  });
});

describe('timeRefusal', () => {
  const oldest = NOW - 400 * 86_400_000;

  it.each([
    ['what retention would drop', oldest - 1, 'too_old'],
    ['the oldest that is kept', oldest, undefined],
    ['a clock that is a month ahead', NOW + MAX_AHEAD_MS, undefined],
    ['one that is further', NOW + MAX_AHEAD_MS + 1, 'timestamp_in_future'],
  ])('of %s', (_what, timestamp, refusal) => expect(timeRefusal(timestamp, NOW, oldest)).toBe(refusal));
});

describe('timestampOfId', () => {
  it('is the same for an id that is sent again on the same day', () => {
    const id = '550e8400-e29b-41d4-a716-446655440000';
    const times = ['2026-11-22T00:00:00.000Z', '2026-11-22T23:59:59.999Z'].map((now) =>
      timestampOfId(id, new Date(now)),
    );
    expect(times).toEqual(['2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z']);
  });

  it('is the time inside an id that has one, on whichever day it is sent', () => {
    const id = '019aabcd-4000-7f60-9a1b-2c3d4e5f6071';
    const made = Number.parseInt('019aabcd4000', 16);
    const times = [0, 3, 20].map((days) => timestampOfId(id, new Date(made + days * 86_400_000)));
    expect(new Set(times)).toEqual(new Set([new Date(made).toISOString()]));
  });

  it('does not believe an id whose time is far off', () => {
    const id = '00000000-0000-7f60-9a1b-2c3d4e5f6071';
    expect(timestampOfId(id, new Date(NOW))).toBe('2026-11-22T00:00:00.000Z');
  });
});
