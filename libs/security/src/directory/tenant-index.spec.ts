import fc from 'fast-check';
import { TenantId } from '@libs/kernel';
import { KnownTenant, TenantIndex } from './tenant-index';

const tenant = (id: string, changes: Partial<KnownTenant> = {}): KnownTenant => ({
  id: id as TenantId,
  subdomain: id,
  status: 'active',
  origins: [],
  domains: [],
  ...changes,
});

describe('TenantIndex', () => {
  it('finds a tenant by all its names, and by none that it gave up', () => {
    const index = new TenantIndex();
    index.put(tenant('a', { domains: ['x.example', 'y.example'], origins: ['https://a.example'] }));
    index.put(tenant('a', { domains: ['y.example'], subdomain: 'b' }));
    expect([index.bySubdomain('a'), index.byDomain('x.example')]).toEqual([undefined, undefined]);
    expect([index.bySubdomain('b')?.id, index.byDomain('y.example')?.id]).toEqual(['a', 'a']);
    expect(index.withOrigin('https://a.example')).toBeUndefined();
  });

  it('gives a name that two claim to nobody, until one lets go', () => {
    const index = new TenantIndex();
    index.put(tenant('a', { domains: ['x.example'] }));
    index.put(tenant('b', { domains: ['x.example'] }));
    expect(index.byDomain('x.example')).toBeUndefined();
    index.put(tenant('a'));
    expect(index.byDomain('x.example')?.id).toBe('b');
  });

  it('after any changes is as if only the last of each tenant had been', () => {
    const name = fc.constantFrom('p', 'q', 'r');
    const change = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      subdomain: name,
      domains: fc.uniqueArray(name),
      origins: fc.uniqueArray(name),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const [grown, fresh] = [new TenantIndex(), new TenantIndex()];
        for (const { id, ...rest } of changes) grown.put(tenant(id, rest));
        const last = new Map(changes.map((each) => [each.id, each]));
        for (const { id, ...rest } of last.values()) fresh.put(tenant(id, rest));
        const ids = (index: TenantIndex) =>
          ['p', 'q', 'r'].map((key) => [
            index.bySubdomain(key)?.id,
            index.byDomain(key)?.id,
            [...(index.withOrigin(key) ?? [])].map(({ id }) => id).sort(),
          ]);
        expect(ids(grown)).toEqual(ids(fresh));
        expect(grown.size).toBe(fresh.size);
      }),
    );
  });
});
