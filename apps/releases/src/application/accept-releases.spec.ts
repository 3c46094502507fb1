import { TenantId, UserId, newId } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import { InMemoryQueue } from '../../test/in-memory-ledger';
import { BatchSizeRefused, NothingAccepted, ZeroAmount } from '../domain/release.errors';
import { HmacReleaseIds } from '../infrastructure/crypto/hmac-release-ids';
import { Sha256InputHasher } from '../infrastructure/crypto/sha256-input-hasher';
import { AcceptRelease } from './accept-release';
import { AcceptReleaseBatch } from './accept-release-batch';
import { AcceptancePolicy } from './acceptance-policy';

const SALE = { description: 'Venda', amount: '1.00' };

function aDesk() {
  const clock = new FixedClock('2026-11-22T12:00:00.000Z');
  const queue = new InMemoryQueue();
  const ids = new HmacReleaseIds('a secret of the test');
  const one = new AcceptRelease(new AcceptancePolicy(clock, 366), ids, new Sha256InputHasher(), queue);
  const author = { tenantId: newId<TenantId>(), userId: newId<UserId>(), requestId: 'r' };
  return { clock, queue, ids, one, many: new AcceptReleaseBatch(one, queue), author };
}

describe('accepting releases', () => {
  it('queues the release with its author, its time of acceptance and an id of ours', async () => {
    const { queue, ids, one, author } = aDesk();
    const release = await one.execute(SALE, author);
    expect(queue.queued).toEqual([release]);
    expect(release.userId).toBe(author.userId);
    expect(release.occurredAt.toISOString()).toBe('2026-11-22T12:00:00.000Z');
    expect(ids.isIssuedTo(author.tenantId, release.id)).toBe(true);
  });

  it('makes a keyed retry the same release, even at another time', async () => {
    const { clock, one, author } = aDesk();
    const keyed = { ...author, idempotencyKey: 'k' };
    const first = await one.execute(SALE, keyed);
    clock.advance({ days: 2 });
    const retry = await one.execute({ ...SALE, description: ' Venda ' }, keyed);
    expect([retry.id, retry.inputHash]).toEqual([first.id, first.inputHash]);
    expect((await one.execute({ ...SALE, amount: '2.00' }, keyed)).inputHash).not.toBe(first.inputHash);
  });

  it('makes unkeyed releases of one body different releases', async () => {
    const { one, author } = aDesk();
    expect((await one.execute(SALE, author)).id).not.toBe((await one.execute(SALE, author)).id);
  });

  it('queues nothing of a bad release, and says nothing was accepted when the queue is away', async () => {
    const { queue, one, author } = aDesk();
    await expect(one.execute({ ...SALE, amount: '0.00' }, author)).rejects.toThrow(ZeroAmount);
    queue.failure = new Error('away');
    await expect(one.execute(SALE, author)).rejects.toThrow('away');
    expect(queue.queued).toEqual([]);
  });

  it('queues the good items of a batch and tells of each', async () => {
    const { queue, many, author } = aDesk();
    const outcomes = await many.execute([SALE, { ...SALE, amount: '0.00' }, new ZeroAmount(), SALE], author);
    expect(outcomes.map((outcome) => 'release' in outcome)).toEqual([true, false, false, true]);
    expect(queue.queued).toHaveLength(2);
  });

  it('refuses a batch without one good item, an empty one and one too long', async () => {
    const { many, author } = aDesk();
    await expect(many.execute([{ ...SALE, amount: '0.00' }], author)).rejects.toThrow(NothingAccepted);
    await expect(many.execute([], author)).rejects.toThrow(BatchSizeRefused);
    await expect(many.execute(Array(1001).fill(SALE), author)).rejects.toThrow(BatchSizeRefused);
  });

  it('keeps the id of an item apart from the same key on the single route', async () => {
    const { one, many, author } = aDesk();
    const keyed = { ...author, idempotencyKey: 'k' };
    const single = await one.execute(SALE, keyed);
    const [item] = await many.execute([SALE], keyed);
    expect(item && 'release' in item && item.release.id).not.toBe(single.id);
  });
});
