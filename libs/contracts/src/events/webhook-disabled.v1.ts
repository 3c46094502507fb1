/** A webhook was given up: nothing is sent to it until somebody makes it active again. Topic `analytics.webhook-disabled.v1`. */
export interface WebhookDisabledV1 {
  webhookId: string;
  /** Of its address the host alone: the rest may be a secret. */
  host: string;
  /** `gone`: the receiver answered 410. `failing`: for three days nothing could be delivered. */
  reason: string;
  disabledAt: string;
}

export const webhookDisabledV1Example: WebhookDisabledV1 = {
  webhookId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6090',
  host: 'integracao.estrela.example',
  reason: 'failing',
  disabledAt: '2026-11-22T12:00:00.000Z',
};
