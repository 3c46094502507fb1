import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { topics, WebhookDisabledV1 } from '@libs/contracts';
import { isUuid, TenantId } from '@libs/kernel';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { NotifyOfDisabledWebhooks } from '../../application/projections/notify-of-disabled-webhooks';
import { ImpossibleDisabling, ToldDisabling } from '../../domain/webhook-notification';

/** When a webhook of analytics is given up, everybody of the tenant is told. */
@Controller()
export class NotifyOnWebhookDisabled {
  constructor(private readonly notify: NotifyOfDisabledWebhooks) {}

  /** @throws ImpossibleDisabling; the transport then isolates and dead-letters it */
  @EventPattern(topics.webhookDisabled, EVENT_LOG)
  async handle(@Payload() { messages }: Batch<WebhookDisabledV1>): Promise<void> {
    await this.notify.execute(
      messages.map(({ envelope }) => ({
        tenantId: envelope.tenantId as TenantId,
        ...toldOf(envelope.payload),
      })),
    );
  }
}

function toldOf({ webhookId, host, reason, disabledAt }: WebhookDisabledV1): ToldDisabling {
  if (!isUuid(webhookId)) throw new ImpossibleDisabling('the id is not a UUID');
  const at = new Date(typeof disabledAt === 'string' ? disabledAt : NaN);
  if (Number.isNaN(at.getTime())) throw new ImpossibleDisabling('the time is none');
  return { webhookId, host, reason, disabledAt: at };
}
