import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Idempotent, pageOf, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import type { FastifyReply } from 'fastify';
import { CreateApiKey } from '../../application/keys/create-api-key';
import { RegenerateApiKey } from '../../application/keys/regenerate-api-key';
import { RevokeApiKey } from '../../application/keys/revoke-api-key';
import { ShowApiKeys } from '../../application/keys/show-api-keys';
import { ApiKey } from '../../domain/api-key';
import { ApiKeyNotFound } from '../../domain/api-key.errors';
import { CreateApiKeyRequest, ListApiKeysQuery, RegenerateApiKeyRequest } from './api-key.request';
import { ApiKeyPageResponse, ApiKeyResponse, NewApiKeyResponse } from './api-key.response';

const ONE = { name: 'id', format: 'uuid' };
const NOT_FOUND = { description: '`api_key_not_found`' };

@ApiTags('API keys')
@Controller('keys')
export class ApiKeysController {
  constructor(
    private readonly createKey: CreateApiKey,
    private readonly regenerateKey: RegenerateApiKey,
    private readonly revokeKey: RevokeApiKey,
    private readonly showKeys: ShowApiKeys,
  ) {}

  @Post()
  @Authorize({ scopes: ['keys:write'], stepUp: true })
  @Idempotent({ sealed: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Makes an API key',
    description: 'Its text is in this answer and nowhere else. Every service takes it a moment later.',
  })
  @ApiCreatedResponse({ type: NewApiKeyResponse })
  @ApiForbiddenResponse({ description: '`step_up_required`, `scope_not_yours`' })
  @ApiConflictResponse({
    description:
      '`too_many_api_keys` (200 living ones, or 1,000 revoked in a week), `idempotent_answer_lost`',
  })
  @ApiUnprocessableEntityResponse({
    description: '`unknown_scope`, `unknown_app`, `expiry_not_ahead`, `blank_name`',
  })
  async create(
    @Body() body: CreateApiKeyRequest,
    @CurrentPerson() person: Person,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewApiKeyResponse> {
    const input = { ...body, expiresAt: instantOf(body.expiresAt) };
    return shownOnce(reply, await this.createKey.execute(person.tenantId, person, input));
  }

  @Get()
  @Authorize({ scopes: ['keys:read'] })
  @ApiOperation({ summary: "The tenant's API keys, newest first, with how they were used" })
  @ApiOkResponse({ type: ApiKeyPageResponse })
  async list(@Query() { appId, cursor, limit }: ListApiKeysQuery): Promise<ApiKeyPageResponse> {
    const after = cursor === undefined ? undefined : readCursor(cursor, [isUuid])[0];
    // one more than asked tells whether there is a next page
    const views = await this.showKeys.list({ appId, after, limit: limit + 1 });
    const page = pageOf(views, limit, ({ key }) => writeCursor([key.id]));
    return { items: page.items.map((view) => ApiKeyResponse.of(view)), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @Authorize({ scopes: ['keys:read'] })
  @ApiOperation({ summary: 'One API key, and how it was used' })
  @ApiParam(ONE)
  @ApiOkResponse({ type: ApiKeyResponse })
  @ApiNotFoundResponse(NOT_FOUND)
  async show(@Param('id') id: string): Promise<ApiKeyResponse> {
    return ApiKeyResponse.of(await this.showKeys.one(keyId(id)));
  }

  @Delete(':id')
  @Authorize({ scopes: ['keys:write'], stepUp: true })
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes an API key: every service refuses it within 1 s' })
  @ApiParam(ONE)
  @ApiNoContentResponse()
  @ApiNotFoundResponse(NOT_FOUND)
  async revoke(@Param('id') id: string, @CurrentPerson() { tenantId }: Person): Promise<void> {
    await this.revokeKey.execute(tenantId, keyId(id));
  }

  @Post(':id/regenerate')
  @Authorize({ scopes: ['keys:write'], stepUp: true })
  @Idempotent({ sealed: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Makes a key with the same rights in place of this one',
    description:
      'The new key has an id of its own, so that the uses of the two are told apart. The old one is good for `overlapSeconds` more, by default not at all.',
  })
  @ApiParam(ONE)
  @ApiCreatedResponse({ type: NewApiKeyResponse })
  @ApiForbiddenResponse({ description: '`step_up_required`, `scope_not_yours`' })
  @ApiNotFoundResponse(NOT_FOUND)
  @ApiConflictResponse({
    description:
      '`api_key_not_live`: revoked, expired or regenerated before; `too_many_api_keys`, `idempotent_answer_lost`',
  })
  @ApiUnprocessableEntityResponse({ description: '`expiry_not_ahead`' })
  async regenerate(
    @Param('id') id: string,
    @Body() body: RegenerateApiKeyRequest,
    @CurrentPerson() person: Person,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewApiKeyResponse> {
    const { overlapSeconds = 0, expiresAt } = body;
    const input = { keyId: keyId(id), overlapSeconds, expiresAt: instantOf(expiresAt) };
    return shownOnce(reply, await this.regenerateKey.execute(person.tenantId, person, input));
  }
}

/** @throws ApiKeyNotFound for what is no id at all */
function keyId(text: string): string {
  if (!isUuid(text)) throw new ApiKeyNotFound();
  return text;
}

function instantOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function shownOnce(reply: FastifyReply, { key, text }: { key: ApiKey; text: string }): NewApiKeyResponse {
  void reply.header('location', `/api/v1/keys/${key.id}`);
  return { ...ApiKeyResponse.of({ key, status: 'active', uses: 0 }), key: text };
}
