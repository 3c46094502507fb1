import { TenantId } from '../ids';

const TENANTS_AT_ONCE = 500;
/** Rows of one transaction: few enough that it is over in some ten milliseconds. */
export const ROWS_AT_ONCE = 2_000;

/** What keeping house came to. */
export interface Upkeep {
  /** Tables dropped. */
  dropped: string[];
  /** Rows deleted because their tenants keep less than others, what was made of them, and dead letters that nobody mended. */
  deleted: number;
}

/** Tenants of which all before the same instant may go, few enough for one transaction. */
export interface Expiry {
  tenantIds: readonly TenantId[];
  before: Date;
}

export function expiries<Policy>(
  policies: ReadonlyMap<TenantId, Policy>,
  oldest: (policy: Policy) => Date,
): Expiry[] {
  const byBound = Map.groupBy(policies, ([, policy]) => oldest(policy).getTime());
  return [...byBound].flatMap(([bound, tenants]) => {
    const some: Expiry[] = [];
    for (let start = 0; start < tenants.length; start += TENANTS_AT_ONCE)
      some.push({
        tenantIds: tenants.slice(start, start + TENANTS_AT_ONCE).map(([tenantId]) => tenantId),
        before: new Date(bound),
      });
    return some;
  });
}

/** Deletes until less than `full` goes at once, or until `signal`. @returns how many in all */
export async function deleteAll(
  deleteSome: () => Promise<number>,
  { full = ROWS_AT_ONCE, signal }: { full?: number; signal?: AbortSignal } = {},
): Promise<number> {
  let total = 0;
  for (let deleted = full; deleted >= full && !signal?.aborted; total += deleted)
    deleted = await deleteSome();
  return total;
}
