/** A queued release could not be posted and never will be as it is. Topic `releases.rejected.v1`. */
export interface ReleaseRejectedV1 {
  releaseId: string;
  userId: string;
  /** Stable snake_case: `idempotency_key_reused`, `invalid_data`, … */
  reason: string;
  detail: string;
}

export const releaseRejectedV1Example: ReleaseRejectedV1 = {
  releaseId: '019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071',
  userId: '019a2b3c-0000-7000-8000-000000000001',
  reason: 'idempotency_key_reused',
  detail: 'The key was used for another body; the first one stands.',
};
