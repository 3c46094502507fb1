import { QueuedReleaseV1 } from '@libs/contracts';
import { Release } from '../../domain/release';

/** A release as the queue carries it. */
export function queuedRelease(release: Release): QueuedReleaseV1 {
  return {
    releaseId: release.id,
    userId: release.userId,
    amount: release.amount.toString(),
    description: release.description,
    occurredAt: release.occurredAt.toISOString(),
    metadata: release.metadata,
    inputHash: release.inputHash,
    requestId: release.requestId,
    traceparent: release.traceparent,
  };
}
