import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Idempotent, PageQuery, pageOf, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import {
  ChangeWebhook,
  ChangeWebhookRequest,
  RegisterWebhook,
  RegisterWebhookRequest,
  RemoveWebhook,
  RotateWebhookSecret,
  RotateWebhookSecretRequest,
  ShowWebhooks,
  TestSentResponse,
  TestWebhook,
  WebhookPageResponse,
  WebhookResponse,
  WebhookWithSecretResponse,
} from '@libs/webhooks';
import type { FastifyReply } from 'fastify';
import { ApiWebhook, webhookId } from './webhook-routes';

const URL_REFUSED =
  'unknown_webhook_event, malformed_webhook_url, webhook_url_not_https, webhook_url_with_credentials, webhook_port_not_allowed, webhook_host_not_public';

@ApiTags('analytics')
@Controller('analytics/webhooks')
export class WebhooksController {
  constructor(
    private readonly registerWebhook: RegisterWebhook,
    private readonly showWebhooks: ShowWebhooks,
    private readonly changeWebhook: ChangeWebhook,
    private readonly removeWebhook: RemoveWebhook,
    private readonly rotateSecret: RotateWebhookSecret,
    private readonly testWebhook: TestWebhook,
  ) {}

  @Post()
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @Idempotent({ sealed: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Registers a webhook',
    description:
      'It is told of new events of the types that it asks for (`event.page_view`, `event.*`), of one application or of all, and of `alert.fired` and `alert.resolved`, from about a second later on. What it is told is signed as Standard Webhooks says; the secret is in this answer and nowhere else. How to receive: apps/analytics/README.md. At most 20 a tenant. Stands in the audit log as `analytics.webhook_registered`.',
  })
  @ApiCreatedResponse({ type: WebhookWithSecretResponse })
  @ApiResponse({ status: 409, description: 'too_many_webhooks, idempotent_answer_lost' })
  @ApiResponse({ status: 422, description: URL_REFUSED })
  @ApiResponse({ status: 503, description: 'webhook_host_lookup_failed' })
  async register(
    @Body() body: RegisterWebhookRequest,
    @CurrentPerson() { tenantId, userId }: Person,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookWithSecretResponse> {
    const made = await this.registerWebhook.execute({ ...body, tenantId, by: userId });
    void reply.header('location', `/api/v1/analytics/webhooks/${made.webhook.id}`);
    return WebhookWithSecretResponse.withSecret(made);
  }

  @Get()
  @Authorize({ scopes: ['tenant:write'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: "The tenant's webhooks, oldest first, and how they do" })
  @ApiOkResponse({ type: WebhookPageResponse })
  @ApiResponse({ status: 400, description: 'malformed_cursor' })
  async list(
    @Query() { cursor, limit }: PageQuery,
    @CurrentPerson() { tenantId }: Person,
  ): Promise<WebhookPageResponse> {
    const after = cursor === undefined ? undefined : readCursor(cursor, [isUuid])[0];
    const webhooks = await this.showWebhooks.list(tenantId, { after, limit: limit + 1 });
    const { items, nextCursor } = pageOf(webhooks, limit, ({ id }) => writeCursor([id]));
    return { items: items.map((each) => WebhookResponse.of(each)), nextCursor };
  }

  @Get(':id')
  @Authorize({ scopes: ['tenant:write'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'One webhook, and how it does' })
  @ApiWebhook()
  @ApiOkResponse({ type: WebhookResponse })
  async show(@Param('id') id: string, @CurrentPerson() { tenantId }: Person): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.showWebhooks.one(tenantId, webhookId(id)));
  }

  @Patch(':id')
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Changes where it is, what it is told, or pauses it',
    description:
      'What waits goes to the new address. `status: active` also revives one that was disabled. Stands in the audit log as `analytics.webhook_changed`.',
  })
  @ApiWebhook()
  @ApiOkResponse({ type: WebhookResponse })
  @ApiResponse({ status: 422, description: URL_REFUSED })
  @ApiResponse({ status: 503, description: 'webhook_host_lookup_failed' })
  async change(
    @Param('id') id: string,
    @Body() body: ChangeWebhookRequest,
    @CurrentPerson() { tenantId, userId }: Person,
  ): Promise<WebhookResponse> {
    const change = { ...body, tenantId, by: userId, webhookId: webhookId(id) };
    return WebhookResponse.of(await this.changeWebhook.execute(change));
  }

  @Delete(':id')
  @HttpCode(204)
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @ApiOperation({
    summary: 'Removes a webhook, with what waits for it',
    description: 'Stands in the audit log as `analytics.webhook_removed`.',
  })
  @ApiWebhook()
  @ApiNoContentResponse()
  async remove(@Param('id') id: string, @CurrentPerson() { tenantId, userId }: Person): Promise<void> {
    await this.removeWebhook.execute({ tenantId, by: userId, webhookId: webhookId(id) });
  }

  @Post(':id/secret')
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @Idempotent({ sealed: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'A new secret in place of the one it has',
    description:
      'For `overlapHours` deliveries bear both signatures, so that the receiver can change over at leisure. Stands in the audit log as `analytics.webhook_secret_rotated`.',
  })
  @ApiWebhook()
  @ApiCreatedResponse({ type: WebhookWithSecretResponse })
  @ApiResponse({ status: 409, description: 'idempotent_answer_lost' })
  async rotate(
    @Param('id') id: string,
    @Body() { overlapHours }: RotateWebhookSecretRequest,
    @CurrentPerson() { tenantId, userId }: Person,
  ): Promise<WebhookWithSecretResponse> {
    const rotation = { tenantId, by: userId, webhookId: webhookId(id), overlapHours };
    return WebhookWithSecretResponse.withSecret(await this.rotateSecret.execute(rotation));
  }

  @Post(':id/test')
  @HttpCode(202)
  @Authorize({ scopes: ['tenant:write'] })
  @Idempotent()
  @ApiOperation({
    summary: 'Sends `webhook.test`, whatever it is told otherwise',
    description: 'What became of it is seen under `/deliveries/:deliveryId`.',
  })
  @ApiWebhook()
  @ApiResponse({ status: 202, type: TestSentResponse })
  @ApiResponse({ status: 409, description: 'webhook_not_active' })
  async test(@Param('id') id: string, @CurrentPerson() { tenantId }: Person): Promise<TestSentResponse> {
    return { deliveryId: await this.testWebhook.execute({ tenantId, webhookId: webhookId(id) }) };
  }
}
