import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { WebhookGuard } from '../guard/webhook-guard';
import { WebhookStore } from '../postgres/webhook-store';
import { Webhook, WebhookEvents } from '../webhook';
import { WebhookNotFound } from '../webhook.errors';
import { hostOf, refuseUnknown } from './register-webhook';
import { WebhookAudit } from './webhook-audit';

export interface ChangeWebhookInput {
  tenantId: TenantId;
  by: string;
  webhookId: string;
  url?: string;
  description?: string;
  events?: readonly string[];
  status?: 'active' | 'paused';
}

/** What is waiting goes to the new address; while paused nothing is sent, and what happens meanwhile is not told later. */
@Injectable()
export class ChangeWebhook {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookStore,
    private readonly guard: WebhookGuard,
    private readonly events: WebhookEvents,
    private readonly audit: WebhookAudit,
  ) {}

  /** @throws WebhookNotFound, UnknownWebhookEvent, WebhookUrlRefused, HostLookupFailed */
  async execute(input: ChangeWebhookInput): Promise<Webhook> {
    const { tenantId, by, webhookId, description, status } = input;
    const events = input.events && refuseUnknown(this.events, input.events);
    const url = input.url === undefined ? undefined : (await this.guard.check(input.url)).url;
    return this.transaction.run(async () => {
      const change = { url: url?.href, description, events, status };
      const webhook = await this.store.change(tenantId, webhookId, change);
      if (!webhook) throw new WebhookNotFound();
      const details = {
        ...(url && { host: hostOf(url) }),
        ...(status && { status }),
        ...(events && { events: String(events.length) }),
      };
      await this.audit.record('changed', { tenantId, webhookId, by }, details);
      return webhook;
    });
  }
}
