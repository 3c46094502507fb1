import { Fact } from '@libs/kernel';
import { PostedRelease } from '../domain/release';
import { AttributedRejection } from '../domain/rejection';

/** `releases.posted.v1`; the payload's shape is held to the contract by a spec. */
export function postedFact({ release, businessDate }: PostedRelease, at: Date) {
  return {
    type: 'releases.posted.v1',
    tenantId: release.tenantId,
    occurredAt: at,
    requestId: release.requestId,
    traceparent: release.traceparent,
    payload: {
      releaseId: release.id,
      userId: release.userId,
      amount: release.amount.toString(),
      description: release.description,
      occurredAt: release.occurredAt.toISOString(),
      businessDate: businessDate.toString(),
    },
  } satisfies Fact;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** `releases.rejected.v1`. */
export function rejectedFact(rejection: AttributedRejection, at: Date) {
  return {
    type: 'releases.rejected.v1',
    tenantId: rejection.tenantId,
    occurredAt: at,
    requestId: rejection.requestId,
    payload: {
      releaseId: rejection.releaseId,
      userId: rejection.userId ?? NOBODY,
      reason: rejection.reason,
      detail: rejection.detail,
    },
  } satisfies Fact;
}
