import { MalformedInstant } from './release.errors';
import { parseInstant } from './instant';

const parsed = (text: string) => parseInstant(text, 'occurredAt').toISOString();

describe('parseInstant', () => {
  it.each([
    ['2026-11-22T09:00:00-03:00', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22t12:00:00z', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22T12:00:00.1Z', '2026-11-22T12:00:00.100Z'],
    ['2026-11-22T12:00:00.123999Z', '2026-11-22T12:00:00.123Z'],
    ['2024-02-29T23:59:59+14:00', '2024-02-29T09:59:59.000Z'],
  ])('reads %s as %s', (text, instant) => expect(parsed(text)).toBe(instant));

  it.each([
    '2026-11-22',
    '2026-11-22T12:00:00',
    '2026-11-22 12:00:00Z',
    '2026-02-30T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T12:00:60Z',
    '2026-11-22T12:00:00+24:00',
    '2026-11-22T12:00Z',
    '+012026-11-22T12:00:00Z',
    '2026-11-22T12:00:00.Z',
    '1763812800000',
    '',
  ])('refuses %p', (text) => expect(() => parsed(text)).toThrow(MalformedInstant));
});
