import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { WebhookStore } from '../postgres/webhook-store';
import { DEFAULT_OVERLAP_HOURS, Webhook } from '../webhook';
import { WebhookSecrets } from '../webhook-secrets';
import { WebhookNotFound } from '../webhook.errors';
import { WebhookAudit } from './webhook-audit';

export interface RotateWebhookSecretInput {
  tenantId: TenantId;
  by: string;
  webhookId: string;
  /** How long the old secret signs beside the new one; 0 for one that leaked. Default 24. */
  overlapHours?: number;
}

/** A new secret, shown once. Every delivery bears both signatures until the receiver has had time to take it over. */
@Injectable()
export class RotateWebhookSecret {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookStore,
    private readonly secrets: WebhookSecrets,
    private readonly audit: WebhookAudit,
  ) {}

  /** @throws WebhookNotFound */
  async execute(input: RotateWebhookSecretInput): Promise<{ webhook: Webhook; secret: string }> {
    const { tenantId, webhookId, overlapHours = DEFAULT_OVERLAP_HOURS } = input;
    const secret = this.secrets.generate();
    const sealed = this.secrets.seal(secret, tenantId, webhookId);
    const webhook = await this.transaction.run(async () => {
      const rotated = await this.store.rotate(tenantId, webhookId, sealed, overlapHours);
      if (!rotated) throw new WebhookNotFound();
      await this.audit.record('secret_rotated', input, { overlapHours: String(overlapHours) });
      return rotated;
    });
    return { webhook, secret };
  }
}
