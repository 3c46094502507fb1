/** A release that was accepted and waits to be posted. */
export interface QueuedReleaseV1 {
  releaseId: string;
  userId: string;
  /** Decimal string with two places; negative for a debit. */
  amount: string;
  description: string;
  /** RFC 3339 UTC with milliseconds. */
  occurredAt: string;
  metadata?: Record<string, unknown>;
  /** SHA-256 (base64url) of what the client sent: the same id with another hash is another body. */
  inputHash: string;
  /** Of the request that accepted it: a message may pack several. */
  requestId: string;
  traceparent?: string;
}

/** The payload of one message on the queue `releases`: 1–100 releases of the envelope's tenant. */
export interface QueuedReleasesV1 {
  releases: QueuedReleaseV1[];
}

export const queuedReleasesV1Example: QueuedReleasesV1 = {
  releases: [
    {
      releaseId: '019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071',
      userId: '019a2b3c-0000-7000-8000-000000000001',
      amount: '150.00',
      description: 'Venda no balcão',
      occurredAt: '2026-11-22T12:00:00.000Z',
      metadata: { caixa: '2' },
      inputHash: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
      requestId: '7d1f0a2e-3c58-4f0e-9a64-0c1e7b1f2a90',
    },
  ],
};
