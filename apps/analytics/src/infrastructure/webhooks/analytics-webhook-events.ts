import { Injectable } from '@nestjs/common';
import { WebhookEvents } from '@libs/webhooks';
import { canBeTold } from '../../domain/webhook-events';

@Injectable()
export class AnalyticsWebhookEvents extends WebhookEvents {
  knows(event: string): boolean {
    return canBeTold(event);
  }
}
