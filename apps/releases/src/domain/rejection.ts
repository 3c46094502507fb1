import { ReleaseId, TenantId, UserId } from '@libs/kernel';
import { RejectionReason } from './release.errors';

/** A queued release that cannot be posted and never will be as it is. */
export interface Rejection {
  tenantId?: TenantId;
  /** Absent when the queue carried something that is no release at all. */
  releaseId?: ReleaseId;
  userId?: UserId;
  inputHash: string;
  requestId: string;
  reason: RejectionReason;
  /** A sentence for a person; holds no value of the release. */
  detail: string;
  /** What the queue carried, as JSON: enough to put it back. */
  payload: string;
}

/** One that names its tenant and its release, so that `GET /releases/:id` can tell of it. */
export type AttributedRejection = Rejection & Required<Pick<Rejection, 'tenantId' | 'releaseId'>>;

export function isAttributed(rejection: Rejection): rejection is AttributedRejection {
  return rejection.tenantId !== undefined && rejection.releaseId !== undefined;
}

/** The rejections and their dead letters: the rows are the truth, a dead-letter queue only an alarm. */
export abstract class RejectionRepository {
  /** Keeps each once, with its dead letter; answers those that were new. */
  abstract addAll(rejections: readonly Rejection[]): Promise<readonly Rejection[]>;
}
