import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Idempotent, pageOf, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import {
  DeliveriesQuery,
  DeliveryDetailResponse,
  DeliveryPageResponse,
  DeliveryResponse,
  ReplayDeliveries,
  ReplayFailedRequest,
  ReplayFailedResponse,
  ShowDeliveries,
} from '@libs/webhooks';
import { ApiDelivery, ApiWebhook, deliveryId, webhookId } from './webhook-routes';

/** What became of what webhooks were told: kept 30 days, without what they were told. */
@ApiTags('analytics')
@Controller('analytics/webhooks/:id/deliveries')
export class WebhookDeliveriesController {
  constructor(
    private readonly showDeliveries: ShowDeliveries,
    private readonly replayDeliveries: ReplayDeliveries,
  ) {}

  @Get()
  @Authorize({ scopes: ['tenant:write'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What it was told in the last 30 days, newest first' })
  @ApiWebhook()
  @ApiOkResponse({ type: DeliveryPageResponse })
  @ApiResponse({ status: 400, description: 'malformed_cursor, malformed_status' })
  async list(
    @Param('id') id: string,
    @Query() { status, cursor, limit }: DeliveriesQuery,
    @CurrentPerson() { tenantId }: Person,
  ): Promise<DeliveryPageResponse> {
    const before = cursor === undefined ? undefined : readCursor(cursor, [isUuid])[0];
    const filter = { webhookId: webhookId(id), status, before };
    const deliveries = await this.showDeliveries.list(tenantId, filter, limit + 1);
    const { items, nextCursor } = pageOf(deliveries, limit, (last) => writeCursor([last.id]));
    return { items: items.map((each) => DeliveryResponse.of(each)), nextCursor };
  }

  @Get(':deliveryId')
  @Authorize({ scopes: ['tenant:write'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'One delivery, with each try: when, how long, what was answered' })
  @ApiDelivery()
  @ApiOkResponse({ type: DeliveryDetailResponse })
  async show(
    @Param('id') id: string,
    @Param('deliveryId') delivery: string,
    @CurrentPerson() { tenantId }: Person,
  ): Promise<DeliveryDetailResponse> {
    return DeliveryDetailResponse.withTries(
      await this.showDeliveries.one(tenantId, webhookId(id), deliveryId(delivery)),
    );
  }

  @Post('replay')
  @HttpCode(202)
  @Authorize({ scopes: ['tenant:write'] })
  @Idempotent()
  @ApiOperation({
    summary: 'Sends again what failed',
    description:
      'Of what was made since then, at most 10,000; with `more` ask again. Under the same ids, so that a receiver knows what it has had. What was erased in between is not told again. Stands in the audit log as `analytics.webhook_replayed`.',
  })
  @ApiWebhook()
  @ApiResponse({ status: 202, type: ReplayFailedResponse })
  @ApiResponse({ status: 409, description: 'webhook_not_active' })
  async replayFailed(
    @Param('id') id: string,
    @Body() { since }: ReplayFailedRequest,
    @CurrentPerson() { tenantId, userId }: Person,
  ): Promise<ReplayFailedResponse> {
    const of = { tenantId, by: userId, webhookId: webhookId(id) };
    return this.replayDeliveries.failedSince({ ...of, since: new Date(since) });
  }

  @Post(':deliveryId/replay')
  @HttpCode(202)
  @Authorize({ scopes: ['tenant:write'] })
  @Idempotent()
  @ApiOperation({
    summary: 'Sends one again, whatever became of it',
    description: 'Under the same id. Stands in the audit log as `analytics.webhook_replayed`.',
  })
  @ApiDelivery()
  @ApiResponse({ status: 202, type: DeliveryResponse })
  @ApiResponse({ status: 409, description: 'webhook_not_active' })
  async replay(
    @Param('id') id: string,
    @Param('deliveryId') delivery: string,
    @CurrentPerson() { tenantId, userId }: Person,
  ): Promise<DeliveryResponse> {
    const of = { tenantId, by: userId, webhookId: webhookId(id) };
    return DeliveryResponse.of(await this.replayDeliveries.one({ ...of, deliveryId: deliveryId(delivery) }));
  }
}
