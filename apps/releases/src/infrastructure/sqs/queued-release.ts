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

/** Tells one release and body from another, also where the queue carried something that is no release. */
export function fingerprintOf(tenantId: string | undefined, item: unknown): string {
  const { releaseId, inputHash } = (item ?? {}) as Partial<QueuedReleaseV1>;
  return typeof releaseId === 'string' && typeof inputHash === 'string'
    ? JSON.stringify([tenantId, releaseId, inputHash])
    : JSON.stringify([tenantId, item ?? null]);
}
