import { hkdfSync, randomBytes } from 'node:crypto';
import { seal, TenantId, unseal } from '@libs/kernel';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** Makes the secrets of webhooks and keeps them sealed, each for its own webhook. */
export class WebhookSecrets {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow webhook secrets', 32));
  }

  /** `whsec_<base64>`, as receivers' libraries take it. */
  generate(): string {
    return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
  }

  seal(secret: string, tenantId: TenantId, webhookId: string): string {
    return seal(secret, this.key, ownerOf(tenantId, webhookId));
  }

  /** @throws Error when it was sealed with another WEBHOOK_SECRET or for another webhook, or altered */
  open(sealed: string, tenantId: TenantId, webhookId: string): string {
    return unseal(sealed, this.key, ownerOf(tenantId, webhookId));
  }
}

function ownerOf(tenantId: TenantId, webhookId: string): string {
  return `${tenantId} ${webhookId}`;
}
