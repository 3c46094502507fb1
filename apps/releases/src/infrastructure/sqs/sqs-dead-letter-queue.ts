import { Envelope, QueuedReleasesV1 } from '@libs/contracts';
import { Clock, newId } from '@libs/kernel';
import { QueueEntry, QueueSender } from '@libs/messaging';
import { DeadLetterQueue } from '../../application/dead-letter-queue';
import { Rejection } from '../../domain/rejection';
import { QUEUED_TYPE } from './sqs-release-queue';

const NO_TENANT = '00000000-0000-0000-0000-000000000000';

/** Puts each rejected release on `releases-dlq` as a message of its own, ready to be put back. */
export class SqsDeadLetterQueue extends DeadLetterQueue {
  constructor(
    private readonly sender: QueueSender,
    private readonly queueUrl: string,
    private readonly clock: Clock,
  ) {
    super();
  }

  send(rejections: readonly Rejection[]): Promise<void> {
    return this.sender.send(
      this.queueUrl,
      rejections.map((rejection) => this.entry(rejection)),
    );
  }

  private entry({ tenantId, requestId, reason, detail, payload }: Rejection): QueueEntry {
    const envelope: Envelope<QueuedReleasesV1> = {
      id: newId(),
      type: QUEUED_TYPE,
      version: 1,
      tenantId: tenantId ?? NO_TENANT,
      occurredAt: this.clock.now().toISOString(),
      requestId,
      payload: { releases: [JSON.parse(payload)] as QueuedReleasesV1['releases'] },
    };
    return { body: JSON.stringify(envelope), attributes: { reason, detail: detail.slice(0, 256) } };
  }
}
