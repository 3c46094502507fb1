import { Envelope, QueuedReleaseV1, QueuedReleasesV1, queues } from '@libs/contracts';
import { Clock, newId } from '@libs/kernel';
import { QueuePacker, QueueSender } from '@libs/messaging';
import { ReleaseQueue } from '../../application/release-queue';
import { Release } from '../../domain/release';
import { queuedRelease } from './queued-release';

export const QUEUED_TYPE = 'releases.queued.v1';

/** Packs the releases that a tenant's requests bring at about the same time into common SQS messages. */
export class SqsReleaseQueue extends ReleaseQueue {
  private readonly packer: QueuePacker<QueuedReleaseV1>;

  constructor(sender: QueueSender, queueUrl: string, clock: Clock) {
    super();
    this.packer = new QueuePacker(sender, {
      queueUrl,
      maxRows: queues.releases.maxReleasesPerMessage,
      maxBytes: queues.releases.maxMessageBytes,
      envelopeOf: (tenantId, rows): Envelope<QueuedReleasesV1> => ({
        id: newId(),
        type: QUEUED_TYPE,
        version: 1,
        tenantId,
        occurredAt: clock.now().toISOString(),
        // a pack may answer several requests: each row names its own
        requestId: rows[0]?.requestId ?? newId(),
        payload: { releases: rows },
      }),
    });
  }

  put(release: Release): Promise<void> {
    return this.packer.add(release.tenantId, [queuedRelease(release)]);
  }

  async putAll(releases: readonly Release[]): Promise<void> {
    const [first] = releases;
    if (first) await this.packer.add(first.tenantId, releases.map(queuedRelease));
  }
}
