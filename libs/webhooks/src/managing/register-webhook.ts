import { Injectable } from '@nestjs/common';
import { newId, TenantId, TenantTransaction } from '@libs/kernel';
import { WebhookGuard } from '../guard/webhook-guard';
import { WebhookStore } from '../postgres/webhook-store';
import { MOST_WEBHOOKS, Webhook, WebhookEvents } from '../webhook';
import { WebhookSecrets } from '../webhook-secrets';
import { TooManyWebhooks, UnknownWebhookEvent } from '../webhook.errors';
import { WebhookAudit } from './webhook-audit';

export interface RegisterWebhookInput {
  tenantId: TenantId;
  by: string;
  url: string;
  description?: string;
  events: readonly string[];
  appId?: string;
}

/** A new webhook, active at once, and its secret, which nobody is shown again. */
@Injectable()
export class RegisterWebhook {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookStore,
    private readonly guard: WebhookGuard,
    private readonly secrets: WebhookSecrets,
    private readonly events: WebhookEvents,
    private readonly audit: WebhookAudit,
  ) {}

  /** @throws UnknownWebhookEvent, WebhookUrlRefused, HostLookupFailed, TooManyWebhooks */
  async execute(input: RegisterWebhookInput): Promise<{ webhook: Webhook; secret: string }> {
    const { tenantId, by, appId, description } = input;
    const events = refuseUnknown(this.events, input.events);
    const { url } = await this.guard.check(input.url);
    const id = newId();
    const secret = this.secrets.generate();
    const webhook = await this.transaction.run(async () => {
      if ((await this.store.countAlone(tenantId)) >= MOST_WEBHOOKS) throw new TooManyWebhooks(MOST_WEBHOOKS);
      const added = await this.store.add({
        tenantId,
        id,
        url: url.href,
        description,
        events,
        appId,
        createdBy: by,
        sealedSecret: this.secrets.seal(secret, tenantId, id),
      });
      await this.audit.record('registered', { tenantId, webhookId: id, by }, { host: hostOf(url) });
      return added;
    });
    return { webhook, secret };
  }
}

/** @returns each once @throws UnknownWebhookEvent */
export function refuseUnknown(known: WebhookEvents, events: readonly string[]): string[] {
  const stranger = events.find((event) => !known.knows(event));
  if (stranger !== undefined) throw new UnknownWebhookEvent(stranger);
  return [...new Set(events)];
}

/** For the audit log, whose texts are short. */
export function hostOf(url: URL): string {
  return url.hostname.slice(0, 200);
}
