import { TenantId, newId } from '@libs/kernel';
import { InMemoryLedger, InMemoryTenantCopies } from '../../test/in-memory-ledger';
import { UnknownTimeZone } from '../domain/release.errors';
import { KeepTenantCopies } from './keep-tenant-copies';

describe('keeping copies of tenants', () => {
  const tenantId = newId<TenantId>();
  const copies = new InMemoryTenantCopies();
  const keep = new KeepTenantCopies(new InMemoryLedger(), copies);
  const change = (revision: number, timeZone: string) => ({
    tenantId,
    timeZone,
    revision,
    status: 'active' as const,
  });

  it('lets the highest revision stand, whatever the order', async () => {
    await keep.execute([change(3, 'America/Manaus'), change(2, 'America/Bahia')]);
    await keep.execute([change(1, 'America/Belem')]);
    expect(copies.kept.get(tenantId)?.timeZone).toBe('America/Manaus');
  });

  it('refuses a zone nobody knows', async () => {
    await expect(keep.execute([change(4, 'Brazil/Nowhere')])).rejects.toThrow(UnknownTimeZone);
    expect(copies.kept.get(tenantId)?.revision).toBe(3);
  });
});
