import { BusinessDate, DomainError, TenantId, TenantTransaction } from '@libs/kernel';
import { FindInsights, InsightsFailed } from './find-insights';
import { InsightStore, SpendingChange } from './insight-store';

const tenant = (n: number) => `019a2b3c-0000-7000-8000-${String(n).padStart(12, '0')}` as TenantId;

class NoTransaction extends TenantTransaction {
  run = <T>(work: () => Promise<T>) => work();
  runFor = <T>(_: readonly TenantId[], work: () => Promise<T>) => work();
}

class Away extends DomainError {
  readonly code = 'away';
  readonly kind = 'unavailable';
}

/** Marks of tenants; looking at those of `broken` fails. */
class Marks extends InsightStore {
  readonly due = new Set([1, 2, 3].map(tenant));
  readonly broken = new Set<TenantId>();
  readonly away = new Set<TenantId>();

  markChanged = async () => undefined;
  dueTenants = async (after: TenantId, most: number) =>
    [...this.due]
      .filter((id) => id > after)
      .sort()
      .slice(0, most);
  takeChanges = async (tenantId: TenantId): Promise<SpendingChange[]> => {
    if (this.broken.has(tenantId)) throw new RangeError('Invalid time value');
    if (this.away.has(tenantId)) throw new Away('away');
    if (!this.due.delete(tenantId)) return [];
    const sinceWeek = BusinessDate.parse('2026-11-16');
    return [{ tenantId, userId: 'u', categoryId: 'c', currency: 'BRL', category: 'c', sinceWeek }];
  };
  weeklyAmounts = async () => [[]];
  replace = async () => undefined;
}

describe('FindInsights', () => {
  it('gives everybody a turn, whoever before them fails, and tells who did', async () => {
    const marks = new Marks();
    marks.broken.add(tenant(1));
    const find = new FindInsights(new NoTransaction(), marks);
    const failure = await find.execute().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InsightsFailed);
    expect(failure).toMatchObject({ looked: 2, failures: [{ tenantId: tenant(1) }] });
    expect([...marks.due]).toEqual([tenant(1)]);
  });

  it('waits for nobody when the database is away, and begins behind the one that met it', async () => {
    const marks = new Marks();
    marks.away.add(tenant(2));
    const find = new FindInsights(new NoTransaction(), marks);
    await expect(find.execute()).rejects.toThrow(Away);
    expect([...marks.due]).toEqual([tenant(2), tenant(3)]);
    await expect(find.execute()).rejects.toThrow(Away);
    expect([...marks.due]).toEqual([tenant(2)]);
  });

  it('comes back to the one that failed, after those behind it', async () => {
    const marks = new Marks();
    marks.broken.add(tenant(2));
    const find = new FindInsights(new NoTransaction(), marks);
    await expect(find.execute()).rejects.toThrow('of 1 tenants');
    marks.broken.clear();
    expect(await find.execute()).toBe(1);
    expect(marks.due.size).toBe(0);
  });
});
