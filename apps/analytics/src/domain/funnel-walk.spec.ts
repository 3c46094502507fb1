import fc from 'fast-check';
import { newId, TenantId } from '@libs/kernel';
import { funnelOf } from '../../test/raw-answers';
import { FunnelWalk, StepEvents } from './funnel-walk';
import { RolledEvent } from './rolled-event';

const TYPES = ['see', 'try', 'buy'];
const TENANT = newId<TenantId>();
const MINUTE = 60_000;
const EPOCH = Date.parse('2026-11-01T00:00:00.000Z');

interface Happened {
  type: string;
  visitor: number;
  minute: number;
}

const happenings = fc.array(
  fc.record({
    type: fc.constantFrom(...TYPES),
    // some of them share the low bits that they are found by
    visitor: fc.constantFrom(1, 2, 1 + 2 ** 32, 1 + 2 ** 51, 3),
    minute: fc.nat(20),
  }),
  { maxLength: 60 },
);

function asEvents(happened: readonly Happened[]): RolledEvent[] {
  return happened.map(({ type, visitor, minute }, at) => {
    const time = new Date(EPOCH + minute * MINUTE).toISOString();
    return {
      tenantId: TENANT,
      appId: '',
      eventId: String(at),
      timestamp: time,
      eventType: type,
      occurredAt: time,
      visitor,
    };
  });
}

function streamOf(happened: readonly Happened[]): StepEvents {
  return {
    visitors: Float64Array.from(happened, ({ visitor }) => visitor),
    times: Float64Array.from(happened, ({ minute }) => minute * MINUTE * 1_000),
  };
}

describe('FunnelWalk', () => {
  it('agrees with every chain tried, whatever stretches the events come in', () => {
    fc.assert(
      fc.property(
        happenings,
        fc.array(fc.constantFrom(...TYPES), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 25 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
        (happened, steps, window, cuts) => {
          const walk = new FunnelWalk(steps.length, window * MINUTE * 1_000);
          const bounds = [0, ...cuts.sort((a, b) => a - b), 21];
          for (const [at, since] of bounds.slice(0, -1).entries()) {
            const stretch = happened.filter(({ minute }) => minute >= since && minute < bounds[at + 1]!);
            // starts are looked for in the first 15 minutes
            walk.begin(
              steps.map((type, step) =>
                streamOf(stretch.filter((event) => event.type === type && (step > 0 || event.minute < 15))),
              ),
            );
            while (walk.advance(7));
          }
          const period = { from: new Date(EPOCH), to: new Date(EPOCH + 15 * MINUTE) };
          expect(walk.result()).toEqual(funnelOf(asEvents(happened), steps, window * MINUTE, period));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps a hundred thousand visitors apart', () => {
    const walk = new FunnelWalk(2, 10);
    const visitors = Float64Array.from({ length: 100_000 }, (_, i) => (i * 45_035_996_273) % 2 ** 52);
    const times = Float64Array.from(visitors, (_, i) => i);
    walk.begin([
      { visitors, times },
      { visitors, times: times.map((time) => time + 5) },
    ]);
    while (walk.advance(50_000));
    expect(walk.visitors).toBe(100_000);
    expect(walk.result()).toEqual([
      { visitors: 100_000, medianMs: 0 },
      { visitors: 100_000, medianMs: 0 },
    ]);
  });
});
