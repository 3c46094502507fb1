import { tenantChangedV1Example, TenantChangedV1, topics } from '@libs/contracts';
import { newId } from '@libs/kernel';
import { Batch } from '@libs/messaging';
import { KeepDirectory } from '@libs/security';
import { ACME } from '../../../test/entry.builder';
import { InMemoryAnswerCache } from '../../../test/in-memory-answer.cache';
import { InMemoryTenants, PlainTransaction } from '../../../test/in-memory-tenants';
import { KeepTenants } from '../../application/keep-tenants';
import { KeepTenantOnTenantChanged } from './keep-tenant-on-tenant-changed.consumer';
import { Poison } from './poison';

function setting() {
  const tenants = new InMemoryTenants();
  const cache = new InMemoryAnswerCache();
  const transaction = new PlainTransaction();
  const setAside: string[] = [];
  const directory = { tenants: async () => undefined } as unknown as KeepDirectory;
  const poison = {
    setAside: async (_: string, rows: { row: { text: string } }[]) =>
      void setAside.push(...rows.map(({ row }) => row.text)),
  } as unknown as Poison;
  return {
    tenants,
    cache,
    setAside,
    consumer: new KeepTenantOnTenantChanged(directory, new KeepTenants(transaction, tenants), cache, poison),
  };
}

function changed(payload: Partial<TenantChangedV1>) {
  const envelope = {
    id: newId(),
    type: topics.tenantChanged,
    version: 1,
    tenantId: ACME as string,
    occurredAt: '2026-11-22T03:00:00.000Z',
    requestId: 'r-1',
    payload: { ...tenantChangedV1Example, ...payload },
  };
  return { envelope, text: JSON.stringify(envelope), receives: 1 };
}

describe('KeepTenantOnTenantChanged', () => {
  it('keeps the highest revision, whatever the order of arrival', async () => {
    const { consumer, tenants } = setting();
    await consumer.handle(
      new Batch(topics.tenantChanged, [changed({ revision: 3, timeZone: 'America/Manaus' })]),
    );
    await consumer.handle(new Batch(topics.tenantChanged, [changed({ revision: 2, timeZone: 'UTC' })]));
    expect((await tenants.get(ACME)).timeZone).toBe('America/Manaus');
  });

  it("renews the tenant's answers, which name the zone", async () => {
    const { consumer, cache } = setting();
    await consumer.handle(new Batch(topics.tenantChanged, [changed({})]));
    expect(cache.renewed).toEqual([[ACME]]);
  });

  it('sets aside a zone that no clock follows', async () => {
    const { consumer, tenants, setAside } = setting();
    const poison = changed({ timeZone: 'Mars/Olympus' });
    await consumer.handle(new Batch(topics.tenantChanged, [poison, changed({ revision: 2 })]));
    expect(setAside).toEqual([poison.text]);
    expect((await tenants.get(ACME)).revision).toBe(2);
  });
});
