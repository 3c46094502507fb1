import { ReleaseRejectedV1, releaseRejectedV1Example } from '@libs/contracts';
import { ReleaseId, TenantId, UserId, newId } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import {
  InMemoryDeadLetterQueue,
  InMemoryLedger,
  InMemoryOutbox,
  InMemoryRejections,
} from '../../test/in-memory-ledger';
import { Rejection } from '../domain/rejection';
import { RejectReleases } from './reject-releases';

function aDesk() {
  const ledger = new InMemoryLedger();
  const queue = new InMemoryDeadLetterQueue();
  const reject = new RejectReleases(
    ledger,
    new InMemoryRejections(ledger),
    new InMemoryOutbox(ledger),
    queue,
    new FixedClock(),
  );
  return { ledger, queue, reject };
}

const aRejection = (): Rejection => ({
  tenantId: newId<TenantId>(),
  releaseId: newId<ReleaseId>(),
  userId: newId<UserId>(),
  inputHash: 'h',
  requestId: 'r',
  reason: 'invalid_data',
  detail: 'why',
  payload: '{}',
});

describe('rejecting releases', () => {
  it('keeps the rejection and tells it in the shape of its contract, once however often it comes', async () => {
    const { ledger, reject } = aDesk();
    const rejection = aRejection();
    await reject.execute([rejection]);
    await reject.execute([rejection]);
    expect(ledger.rejections).toHaveLength(1);
    expect(ledger.facts).toHaveLength(1);
    const payload = ledger.facts[0]?.payload as ReleaseRejectedV1;
    expect(Object.keys(payload).sort()).toEqual(Object.keys(releaseRejectedV1Example).sort());
    expect(ledger.facts[0]?.type).toBe('releases.rejected.v1');
  });

  it('sends to the dead-letter queue again when it comes again: the first send may have been lost', async () => {
    const { queue, reject } = aDesk();
    const rejection = aRejection();
    await reject.execute([rejection]);
    await reject.execute([rejection]);
    expect(queue.sent).toHaveLength(2);
  });

  it('sends nothing to the dead-letter queue when the rejection is not kept', async () => {
    const { ledger, queue, reject } = aDesk();
    ledger.failingCommits = 1;
    await expect(reject.execute([aRejection()])).rejects.toThrow();
    expect(queue.sent).toEqual([]);
  });

  it('tells no fact of what is no release', async () => {
    const { ledger, reject } = aDesk();
    await reject.execute([{ ...aRejection(), releaseId: undefined }]);
    expect([ledger.rejections.length, ledger.facts.length]).toEqual([1, 0]);
  });
});
