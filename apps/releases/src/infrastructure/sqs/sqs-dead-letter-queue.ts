import { Envelope, QueuedReleasesV1 } from '@libs/contracts';
import { Clock, newId } from '@libs/kernel';
import { QueueSender, queueText } from '@libs/messaging';
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

  async send(rejections: readonly Rejection[]): Promise<void> {
    const at = this.clock.now();
    await this.sender.send(
      this.queueUrl,
      rejections.map((rejection) => ({
        body: queueText(deadLetterEnvelope(rejection, at)),
        attributes: { reason: rejection.reason },
      })),
    );
  }
}

/** One release that was put aside, as a message of the queue it came from. */
export function deadLetterEnvelope(
  { tenantId, requestId, payload }: Pick<Rejection, 'tenantId' | 'requestId' | 'payload'>,
  at: Date,
): Envelope<QueuedReleasesV1> {
  return {
    id: newId(),
    type: QUEUED_TYPE,
    version: 1,
    tenantId: tenantId ?? NO_TENANT,
    occurredAt: at.toISOString(),
    requestId,
    payload: { releases: [JSON.parse(payload)] as QueuedReleasesV1['releases'] },
  };
}
