import { applyDecorators } from '@nestjs/common';
import { ApiParam, ApiResponse } from '@nestjs/swagger';
import { isUuid } from '@libs/kernel';
import { DeliveryNotFound, WebhookNotFound } from '@libs/webhooks';

/** OpenAPI of a route that is about one webhook. */
export function ApiWebhook(): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'id', format: 'uuid' }),
    ApiResponse({
      status: 404,
      description: 'webhook_not_found, also for what belongs to another tenant or was removed',
    }),
  );
}

/** OpenAPI of a route that is about one delivery of one webhook. */
export function ApiDelivery(): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'id', format: 'uuid' }),
    ApiParam({ name: 'deliveryId', format: 'uuid' }),
    ApiResponse({ status: 404, description: 'webhook_not_found, delivery_not_found' }),
  );
}

/** @throws WebhookNotFound for what is no id at all */
export function webhookId(text: string): string {
  if (!isUuid(text)) throw new WebhookNotFound();
  return text;
}

/** @throws DeliveryNotFound for what is no id at all */
export function deliveryId(text: string): string {
  if (!isUuid(text)) throw new DeliveryNotFound();
  return text;
}
