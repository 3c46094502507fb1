import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Idempotent, pageOf, PageQuery, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import type { FastifyReply } from 'fastify';
import { CreateApp } from '../../application/keys/create-app';
import { RenameApp } from '../../application/keys/rename-app';
import { ShowApps } from '../../application/keys/show-apps';
import { AppNotFound } from '../../domain/app.errors';
import { AppRequest } from './app.request';
import { AppPageResponse, AppResponse } from './app.response';

@ApiTags('applications')
@Controller('apps')
export class AppsController {
  constructor(
    private readonly createApp: CreateApp,
    private readonly renameApp: RenameApp,
    private readonly showApps: ShowApps,
  ) {}

  @Post()
  @Authorize({ scopes: ['apps:write'] })
  @Idempotent()
  @ApiOperation({ summary: 'Makes an application: what API keys belong to and analytics tells apart' })
  @ApiCreatedResponse({ type: AppResponse })
  @ApiConflictResponse({ description: '`app_name_taken`, `too_many_apps` (100)' })
  @ApiUnprocessableEntityResponse({ description: '`blank_name`' })
  async create(
    @Body() { name }: AppRequest,
    @CurrentPerson() { tenantId }: Person,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AppResponse> {
    const app = await this.createApp.execute({ tenantId, name });
    void reply.header('location', `/api/v1/apps/${app.id}`);
    return AppResponse.of({ app, isDefault: false });
  }

  @Get()
  @Authorize({ scopes: ['apps:read'] })
  @ApiOperation({ summary: "The tenant's applications, oldest first" })
  @ApiOkResponse({ type: AppPageResponse })
  async list(@Query() { cursor, limit }: PageQuery): Promise<AppPageResponse> {
    const after = cursor === undefined ? undefined : readCursor(cursor, [isUuid])[0];
    // one more than asked tells whether there is a next page
    const views = await this.showApps.list({ after, limit: limit + 1 });
    const page = pageOf(views, limit, ({ app }) => writeCursor([app.id]));
    return { items: page.items.map((view) => AppResponse.of(view)), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @Authorize({ scopes: ['apps:read'] })
  @ApiOperation({ summary: 'One application' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: AppResponse })
  @ApiNotFoundResponse({ description: '`app_not_found`' })
  async show(@Param('id') id: string): Promise<AppResponse> {
    return AppResponse.of(await this.showApps.one(appId(id)));
  }

  @Patch(':id')
  @Authorize({ scopes: ['apps:write'] })
  @ApiOperation({ summary: 'Renames an application' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: AppResponse })
  @ApiNotFoundResponse({ description: '`app_not_found`' })
  @ApiConflictResponse({ description: '`app_name_taken`' })
  async rename(
    @Param('id') id: string,
    @Body() { name }: AppRequest,
    @CurrentPerson() { tenantId }: Person,
  ): Promise<AppResponse> {
    await this.renameApp.execute({ tenantId, appId: appId(id), name });
    return AppResponse.of(await this.showApps.one(id));
  }
}

/** @throws AppNotFound for what is no id at all */
function appId(text: string): string {
  if (!isUuid(text)) throw new AppNotFound();
  return text;
}
