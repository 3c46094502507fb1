import { newId } from '@libs/kernel';
import { FakeDenyList, InMemoryDenials } from '../../../test/in-memory-identity';
import { PublishPendingDenials } from './publish-pending-denials';

describe('publishing what a command left', () => {
  const denial = { subject: 'tenant', id: newId(), until: new Date('2026-11-22T12:01:00Z') } as const;

  it('happens once', async () => {
    const [denials, list] = [new InMemoryDenials(), new FakeDenyList()];
    await denials.addUnpublished([denial]);
    const publish = new PublishPendingDenials(denials, list);
    await publish.execute();
    await publish.execute();
    expect(list.published).toEqual([denial.id]);
  });

  it('is tried again after the deny list was away', async () => {
    const [denials, list] = [new InMemoryDenials(), new FakeDenyList()];
    await denials.addUnpublished([denial]);
    const publish = new PublishPendingDenials(denials, list);
    list.away = true;
    await expect(publish.execute()).rejects.toThrow('away');
    list.away = false;
    await publish.execute();
    expect(list.published).toEqual([denial.id]);
  });
});
