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
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Idempotent, isInstant, pageOf, PageQuery, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import type { FastifyReply } from 'fastify';
import { ChangeAlert } from '../../application/alerts/change-alert';
import { CreateAlert } from '../../application/alerts/create-alert';
import { PreviewAlert } from '../../application/alerts/preview-alert';
import { ReadAlerts } from '../../application/alerts/read-alerts';
import { AlertChangesRequest, AlertPreviewRequest, AlertRequest, AlertsQuery } from './alert.request';
import {
  AlertPageResponse,
  AlertPreviewResponse,
  AlertResponse,
  IncidentPageResponse,
  IncidentResponse,
} from './alert.response';
import { HeavyReport } from './heavy-report';
import { ReportScopes } from './period.query';

const NOT_FOUND = { description: '`alert_not_found`, also for what belongs to another tenant' };
const IMPOSSIBLE = { description: '`impossible_condition`' };
const isTime = (text: string) => isInstant(text);

@ApiTags('analytics')
@Controller('analytics/alerts')
export class AlertsController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly createAlert: CreateAlert,
    private readonly changeAlert: ChangeAlert,
    private readonly readAlerts: ReadAlerts,
    private readonly previewAlert: PreviewAlert,
  ) {}

  @Post()
  @Authorize({ scopes: ['tenant:write'] })
  @Idempotent()
  @ApiOperation({
    summary: 'Makes an alert',
    description:
      'It is looked at each quarter of an hour, a minute after that is over, beginning with the last one; fires once, however long a breach lasts; and is over after two calm windows. A `threshold` names its bounds. An `anomaly` holds the window against the same weekday and hour of the last 8 weeks, by local time of the tenant, and is `learning` until there are 4. `alert.fired` and `alert.resolved` tell webhooks, a notification everybody of the tenant. Stands in the audit log.',
  })
  @ApiCreatedResponse({ type: AlertResponse })
  @ApiConflictResponse({ description: '`too_many_alerts` (50)' })
  @ApiUnprocessableEntityResponse(IMPOSSIBLE)
  async create(
    @Body() { appId, ...request }: AlertRequest,
    @CurrentPerson() person: Person,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AlertResponse> {
    const { tenantId, userId: by } = person;
    const alert = await this.createAlert.execute({
      ...request,
      tenantId,
      by,
      appId: this.scopes.appOf(appId, person),
    });
    void reply.header('location', `/api/v1/analytics/alerts/${alert.id}`);
    return AlertResponse.of(alert);
  }

  @Post('preview')
  @HttpCode(200)
  @Authorize({ scopes: ['analytics:read'] })
  @HeavyReport('alert-preview', 30)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'What a rule would have said over the last days',
    description: 'Changes nothing and tells nobody: to tune a rule before it wakes anybody.',
  })
  @ApiOkResponse({ type: AlertPreviewResponse })
  @ApiUnprocessableEntityResponse({
    description: '`impossible_condition`, `preview_too_heavy`, `report_too_heavy`',
  })
  async preview(
    @Body() { appId: asked, ...request }: AlertPreviewRequest,
    @CurrentPerson() person: Person,
  ): Promise<AlertPreviewResponse> {
    const appId = this.scopes.appOf(asked, person);
    return AlertPreviewResponse.of(
      appId,
      await this.previewAlert.execute(person.tenantId, { ...request, appId }),
    );
  }

  @Get()
  @Authorize({ scopes: ['analytics:read'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: "The tenant's alerts, oldest first",
    description: 'Of all applications, unless one is named.',
  })
  @ApiOkResponse({ type: AlertPageResponse })
  async list(
    @Query() { appId, cursor, limit }: AlertsQuery,
    @CurrentPerson() { tenantId }: Person,
  ): Promise<AlertPageResponse> {
    const after = cursor === undefined ? undefined : readCursor(cursor, [isUuid])[0];
    const alerts = await this.readAlerts.list(tenantId, { appId, after, limit });
    const { items, nextCursor } = pageOf(alerts, limit, ({ id }) => writeCursor([id]));
    return { items: items.map((alert) => AlertResponse.of(alert)), nextCursor };
  }

  @Get(':id')
  @Authorize({ scopes: ['analytics:read'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'One alert, and where it stands' })
  @ApiOkResponse({ type: AlertResponse })
  @ApiNotFoundResponse(NOT_FOUND)
  async show(@Param('id') id: string, @CurrentPerson() { tenantId }: Person): Promise<AlertResponse> {
    return AlertResponse.of(await this.readAlerts.one(tenantId, id));
  }

  @Patch(':id')
  @Authorize({ scopes: ['tenant:write'] })
  @ApiOperation({
    summary: 'Changes an alert',
    description:
      'One that watches something else (`eventType`, `metric`, `condition`), or is enabled again, begins anew; its incident is over then, with `changed` or `disabled`.',
  })
  @ApiOkResponse({ type: AlertResponse })
  @ApiNotFoundResponse(NOT_FOUND)
  @ApiUnprocessableEntityResponse(IMPOSSIBLE)
  async change(
    @Param('id') id: string,
    @Body() changes: AlertChangesRequest,
    @CurrentPerson() { tenantId, userId: by }: Person,
  ): Promise<AlertResponse> {
    return AlertResponse.of(await this.changeAlert.execute({ tenantId, id, by, changes }));
  }

  @Delete(':id')
  @HttpCode(204)
  @Authorize({ scopes: ['tenant:write'] })
  @ApiOperation({ summary: 'Deletes an alert', description: 'Its incident is over then, with `deleted`.' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse(NOT_FOUND)
  async remove(@Param('id') id: string, @CurrentPerson() { tenantId, userId: by }: Person): Promise<void> {
    await this.changeAlert.delete({ tenantId, id, by });
  }

  @Get(':id/incidents')
  @Authorize({ scopes: ['analytics:read'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'When it fired, newest first',
    description: 'Kept for 400 days after they were over.',
  })
  @ApiOkResponse({ type: IncidentPageResponse })
  @ApiNotFoundResponse(NOT_FOUND)
  async incidents(
    @Param('id') id: string,
    @Query() { cursor, limit }: PageQuery,
    @CurrentPerson() { tenantId }: Person,
  ): Promise<IncidentPageResponse> {
    const place = cursor === undefined ? undefined : readCursor(cursor, [isTime, isUuid]);
    const after = place && { firedAt: place[0], id: place[1] };
    const incidents = await this.readAlerts.incidentsOf(tenantId, id, { after, limit });
    const page = pageOf(incidents, limit, ({ firedAt, id: last }) =>
      writeCursor([firedAt.toISOString(), last]),
    );
    return {
      items: page.items.map((incident) => IncidentResponse.of(incident)),
      nextCursor: page.nextCursor,
    };
  }
}
