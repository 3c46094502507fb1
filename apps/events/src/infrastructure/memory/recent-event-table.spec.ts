import { randomUUID } from 'node:crypto';
import { newId, TenantId } from '@libs/kernel';
import { RecentEventTable } from './recent-event-table';

const TENANT = newId<TenantId>();

describe('the table of recent events', () => {
  it('remembers an event of a tenant, and not of another', () => {
    const table = new RecentEventTable();
    const id = randomUUID();
    expect([table.seen(TENANT, id), table.seen(TENANT, id), table.seen(TENANT, id)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(table.seen(newId<TenantId>(), id)).toBe(false);
  });

  it('hints right for nearly all of many thousands', () => {
    const table = new RecentEventTable();
    const ids = Array.from({ length: 50_000 }, () => randomUUID());
    expect(ids.filter((id) => table.seen(TENANT, id)).length).toBeLessThan(5);
    // at 5 % full, 5 % lost their place to another
    expect(ids.filter((id) => table.seen(TENANT, id)).length).toBeGreaterThan(46_000);
  });
});
