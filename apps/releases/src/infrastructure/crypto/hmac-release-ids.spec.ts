import * as fc from 'fast-check';
import { TenantId, isUuid, newId } from '@libs/kernel';
import { HmacReleaseIds } from './hmac-release-ids';

const ids = new HmacReleaseIds('a secret of the test');
const tenant = fc.uuid().map((id) => id as TenantId);
const NOW = new Date('2026-11-22T12:00:00.000Z');

describe('release ids', () => {
  it('verify for the tenant they were issued to, and for no other', () => {
    fc.assert(
      fc.property(tenant, tenant, fc.string(), fc.nat(999), (mine, other, idempotencyKey, item) => {
        fc.pre(mine !== other);
        for (const id of [ids.next(mine, NOW), ids.derive(mine, { route: 'r', idempotencyKey, item })]) {
          expect(isUuid(id) && id[14] === '8').toBe(true);
          expect(ids.isIssuedTo(mine, id)).toBe(true);
          expect(ids.isIssuedTo(other, id)).toBe(false);
        }
      }),
    );
  });

  it('stop verifying when any digit is changed', () => {
    const mine = newId<TenantId>();
    const id = ids.next(mine, NOW);
    for (let at = 0; at < id.length; at++) {
      if (id[at] === '-') continue;
      const changed = id.slice(0, at) + (id[at] === 'a' ? 'b' : 'a') + id.slice(at + 1);
      expect(ids.isIssuedTo(mine, changed)).toBe(false);
    }
  });

  it('do not verify under another secret', () => {
    const mine = newId<TenantId>();
    expect(new HmacReleaseIds('another secret').isIssuedTo(mine, ids.next(mine, NOW))).toBe(false);
  });

  it('are the same for the same origin and differ by tenant, route, key and item', () => {
    const [mine, other] = [newId<TenantId>(), newId<TenantId>()];
    const origin = { route: 'POST /releases', idempotencyKey: 'k', item: 0 };
    const same = new HmacReleaseIds('a secret of the test');
    expect(same.derive(mine, origin)).toBe(ids.derive(mine, origin));
    const derived = [
      ids.derive(mine, origin),
      ids.derive(other, origin),
      ids.derive(mine, { ...origin, route: 'POST /releases/batch' }),
      ids.derive(mine, { ...origin, idempotencyKey: 'k2' }),
      ids.derive(mine, { ...origin, item: 1 }),
    ];
    expect(new Set(derived).size).toBe(derived.length);
  });

  it('are unique and ascend, even ten thousand within one millisecond and when the clock steps back', () => {
    const mine = newId<TenantId>();
    const fresh = new HmacReleaseIds('s');
    const issued = Array.from({ length: 10_000 }, (_, i) =>
      fresh.next(mine, new Date(NOW.getTime() - (i > 5_000 ? 3_600_000 : 0))),
    );
    expect(new Set(issued).size).toBe(issued.length);
    expect([...issued].sort()).toEqual(issued);
  });

  it.each(['', 'not-an-id', '019a2b3c-4d5e-8f60-9a1b-2c3d4e5f607', "'; drop table release; --"])(
    'refuse %p',
    (text) => expect(ids.isIssuedTo(newId<TenantId>(), text)).toBe(false),
  );
});
