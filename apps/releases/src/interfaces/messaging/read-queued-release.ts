import { QueuedReleaseV1 } from '@libs/contracts';
import { DomainError, Money, ReleaseId, TenantId, UserId, isUuid } from '@libs/kernel';
import { Release } from '../../domain/release';
import { Rejection } from '../../domain/rejection';
import { RejectionReason } from '../../domain/release.errors';

/** One release of a message, and what the queue carried for it. */
export interface QueueRow {
  tenantId: string;
  requestId: string;
  item: QueuedReleaseV1;
  release: Release;
}

/** @returns the release, or the sentence why the queue's item is none */
export function readQueuedRelease(tenantId: string, item: QueuedReleaseV1): Release | string {
  if (typeof item !== 'object' || item === null) return 'It is not an object.';
  if (!isUuid(tenantId) || !isUuid(item.releaseId) || !isUuid(item.userId)) return 'An id is not a UUID.';
  for (const field of ['amount', 'description', 'inputHash', 'requestId'] as const)
    if (typeof item[field] !== 'string') return `${field} is not text.`;
  const occurredAt = new Date(item.occurredAt);
  if (Number.isNaN(occurredAt.getTime())) return 'occurredAt is not a time.';
  try {
    return Release.resume({
      id: item.releaseId as ReleaseId,
      tenantId: tenantId as TenantId,
      userId: item.userId as UserId,
      amount: Money.parse(item.amount),
      description: item.description,
      occurredAt,
      metadata: item.metadata ?? undefined,
      inputHash: item.inputHash,
      requestId: item.requestId,
      traceparent: item.traceparent,
    });
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

/** Why an item of the queue is put aside; attributed as far as it tells whose it is. */
export function rejectionOf(
  { tenantId, requestId, item }: Omit<QueueRow, 'release'>,
  reason: RejectionReason,
  detail: string,
): Rejection {
  const claimed: Partial<Record<keyof QueuedReleaseV1, unknown>> = item ?? {};
  return {
    tenantId: isUuid(tenantId) ? (tenantId as TenantId) : undefined,
    releaseId: isUuid(claimed.releaseId) ? (claimed.releaseId as ReleaseId) : undefined,
    userId: isUuid(claimed.userId) ? (claimed.userId as UserId) : undefined,
    inputHash: storable(claimed.inputHash, ''),
    requestId: storable(claimed.requestId, requestId),
    reason,
    detail,
    payload: JSON.stringify(item ?? null),
  };
}

function storable(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value.length <= 200 && !value.includes('\0') && value.isWellFormed()
    ? value
    : otherwise;
}
