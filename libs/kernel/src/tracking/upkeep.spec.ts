import { newId, TenantId } from '../ids';
import { monthsAround } from './monthly-partitions';
import { deleteAll, expiries } from './upkeep';

describe('keeping house', () => {
  it('makes the last month, this one and two ahead, over the end of a year as well', () => {
    const months = monthsAround(new Date('2026-11-30T23:59:59.999Z'));
    expect([...months]).toEqual(['2026-10', '2026-11', '2026-12', '2027-01']);
  });

  it('takes tenants together that keep from the same instant on, 500 at the most', () => {
    const early = Array.from({ length: 501 }, () => newId<TenantId>());
    const late = newId<TenantId>();
    const policies = new Map([...early.map((id) => [id, 1] as const), [late, 2] as const]);
    const found = expiries(policies, (days) => new Date(days));
    expect(found.map(({ tenantIds, before }) => [tenantIds.length, before.getTime()])).toEqual([
      [500, 1],
      [1, 1],
      [1, 2],
    ]);
    expect(found.flatMap(({ tenantIds }) => tenantIds)).toEqual([...early, late]);
  });

  it('deletes until less than a full portion goes', async () => {
    const portions = [10, 10, 3, 10];
    expect(await deleteAll(async () => portions.shift() ?? 0, { full: 10 })).toBe(23);
    expect(portions).toEqual([10]);
  });

  it('stops between two portions when there is no more time', async () => {
    const stopping = new AbortController();
    const some = async () => {
      stopping.abort();
      return 10;
    };
    expect(await deleteAll(some, { full: 10, signal: stopping.signal })).toBe(10);
    expect(await deleteAll(some, { full: 10, signal: stopping.signal })).toBe(0);
  });
});
