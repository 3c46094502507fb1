import fc from 'fast-check';
import { ACME } from '../../test/entry.builder';
import { ImpossibleTenant, TenantSuspended } from './consolidation.errors';
import { Tenant } from './tenant';

const active = { id: ACME, timeZone: 'America/Sao_Paulo', status: 'active', revision: 1 };

describe('Tenant', () => {
  it.each([
    ['an unknown zone', { timeZone: 'America/Brasilia' }],
    ['no zone', { timeZone: '' }],
    ['an unknown status', { status: 'asleep' }],
    ['a fraction of a revision', { revision: 1.5 }],
    ['another form of id', { id: 'acme' }],
  ])('refuses %s', (_, wrong) => {
    expect(() => Tenant.of({ ...active, ...wrong })).toThrow(ImpossibleTenant);
  });

  it('is not to be read while suspended', () => {
    expect(() => Tenant.of({ ...active, status: 'suspended' }).mustBeActive()).toThrow(TenantSuspended);
  });

  it.each([
    ['an ordinary day', '2026-03-10T03:00:00.000Z', 24],
    ['the day that lost its first hour, 2018-11-04', '2018-11-04T03:00:00.000Z', 23],
    ['the day that had 23:00 twice, 2019-02-16', '2019-02-16T02:00:00.000Z', 25],
  ])('knows how long %s lasts', (_, start, hours) => {
    expect(Tenant.of(active).secondsLeftInDay(new Date(start))).toBe(hours * 3600 - 1);
  });

  it('stays on the same day for all the seconds left, and not two seconds longer', () => {
    const zones = fc.constantFrom(
      'America/Sao_Paulo',
      'Pacific/Kiritimati',
      'America/Noronha',
      'Asia/Kolkata',
      'UTC',
    );
    const instants = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(zones, instants, (timeZone, now) => {
        const tenant = Tenant.of({ ...active, timeZone });
        const left = tenant.secondsLeftInDay(now);
        const day = tenant.dayOf(now).toString();
        expect(tenant.dayOf(new Date(now.getTime() + left * 1000)).toString()).toBe(day);
        expect(tenant.dayOf(new Date(now.getTime() + (left + 2) * 1000)).toString()).not.toBe(day);
      }),
      { numRuns: 50 },
    );
  });
});
