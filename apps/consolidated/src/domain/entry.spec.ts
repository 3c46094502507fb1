import { releasePostedV1Example } from '@libs/contracts';
import { ACME } from '../../test/entry.builder';
import { ImpossibleEntry } from './consolidation.errors';
import { Entry } from './entry';

const claim = { ...releasePostedV1Example, tenantId: ACME };

describe('Entry', () => {
  it('takes over the example of the producer', () => {
    const entry = Entry.of(claim);
    expect(entry.amount.toString()).toBe('-12.34');
    expect(entry.occurredAt.toISOString()).toBe('2026-11-22T02:59:59.999Z');
    expect(entry.businessDate.toString()).toBe('2026-11-21');
  });

  it.each(['2026-11-21', '2026-11-22', '2026-11-23'])(
    'believes that the day was %s somewhere',
    (businessDate) => {
      expect(Entry.of({ ...claim, businessDate }).businessDate.toString()).toBe(businessDate);
    },
  );

  it.each([
    ['a day that was on no clock then', { businessDate: '2026-11-20' }],
    ['a day that is not in the calendar', { businessDate: '2026-02-30' }],
    [
      'an instant that is not in the calendar',
      { occurredAt: '2026-02-30T12:00:00.000Z', businessDate: '2026-03-02' },
    ],
    ['an instant without a zone', { occurredAt: '2026-11-22T02:59:59.999' }],
    ['an amount that is a number', { amount: -12.34 }],
    ['an amount of zero', { amount: '0.00' }],
    ['an amount beyond the range', { amount: '10000000000000.01' }],
    ['an amount that is missing', { amount: undefined }],
    ['an id of another form', { releaseId: '1' }],
    ['a tenant of another form', { tenantId: "' or true" }],
  ])('refuses %s', (_, wrong) => {
    expect(() => Entry.of({ ...claim, ...wrong })).toThrow(ImpossibleEntry);
  });
});
