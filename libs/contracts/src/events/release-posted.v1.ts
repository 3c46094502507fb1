/** A release became part of the ledger. Topic `releases.posted.v1`. */
export interface ReleasePostedV1 {
  releaseId: string;
  userId: string;
  /** Decimal string with two places; negative for a debit. */
  amount: string;
  description: string;
  /** RFC 3339 UTC with milliseconds. */
  occurredAt: string;
  /** The tenant's civil day when it was posted, YYYY-MM-DD; computed once, here. */
  businessDate: string;
}

export const releasePostedV1Example: ReleasePostedV1 = {
  releaseId: '019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071',
  userId: '019a2b3c-0000-7000-8000-000000000001',
  amount: '-12.34',
  description: 'Tarifa bancária',
  occurredAt: '2026-11-22T02:59:59.999Z',
  businessDate: '2026-11-21',
};
