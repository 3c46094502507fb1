import { TenantId } from '../ids';
import { doneUntil } from './erasures';

const erasedAt = '2026-11-20T12:00:00.000Z';
const done = (timestamp: string, occurredAt: string) =>
  doneUntil(
    {
      tenantId: 't' as TenantId,
      userId: 'u',
      timestamp: `${timestamp}:00.000Z`,
      occurredAt: `${occurredAt}:00.000Z`,
    },
    erasedAt,
  );

describe('what was done until a person was erased', () => {
  it('is so by our clock', () => {
    expect(done('2026-11-20T11:00', '2026-11-20T12:00')).toBe(true);
    expect(done('2026-11-20T12:01', '2026-11-20T12:01')).toBe(false);
    // a clock that is ahead
    expect(done('2026-11-20T15:00', '2026-11-20T11:59')).toBe(true);
  });

  it('is so by the client’s clock, too, where `sent_at` moved it over the erasure by little', () => {
    expect(done('2026-11-20T11:59', '2026-11-20T12:01')).toBe(true);
    expect(done('2026-11-20T11:50', '2026-11-20T12:05')).toBe(true);
  });

  it('is not what a clock that is clearly behind says', () => {
    expect(done('2026-11-20T09:00', '2026-11-20T12:01')).toBe(false);
    expect(done('2026-11-19T12:00', '2026-11-20T12:10')).toBe(false);
  });
});
