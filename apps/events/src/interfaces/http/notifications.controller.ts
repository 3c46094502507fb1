import { Body, Controller, Get, Header, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { pageOf } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { ListNotifications } from '../../application/reading/list-notifications';
import { MarkNotification } from '../../application/reading/mark-notification';
import { ShowNotification } from '../../application/reading/show-notification';
import {
  MarkNotificationRequest,
  NotificationPageResponse,
  NotificationResponse,
} from './notification.response';
import { cursorOf, NotificationsQuery, placeOf, timesOf } from './reading.query';

@ApiTags('events')
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly listNotifications: ListNotifications,
    private readonly showNotification: ShowNotification,
    private readonly markNotification: MarkNotification,
  ) {}

  @Get()
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'What persons were told, newest first',
    description:
      'Made of budget_exceeded, goal_completed, cashback_earned and achievement_unlocked, of events that name a user; and of alerts of analytics that fire and are over, and webhooks that were given up, which are for everybody (`userId` null).',
  })
  @ApiOkResponse({ type: NotificationPageResponse })
  @ApiResponse({ status: 422, description: 'invalid_range' })
  async list(
    @Query() query: NotificationsQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<NotificationPageResponse> {
    const { userId, type, limit, cursor } = query;
    const read = query.read === undefined ? undefined : query.read === 'true';
    const notifications = await this.listNotifications.execute(tenantId, {
      filter: { userId, type, read, ...timesOf(query) },
      after: placeOf(cursor),
      limit,
    });
    const { items, nextCursor } = pageOf(notifications, limit, cursorOf);
    return { items: items.map((notification) => NotificationResponse.of(notification)), nextCursor };
  }

  @Get(':id')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'One notification' })
  @ApiOkResponse({ type: NotificationResponse })
  @ApiResponse({
    status: 404,
    description: 'notification_not_found, also for what belongs to another tenant',
  })
  async show(
    @Param('id') id: string,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<NotificationResponse> {
    return NotificationResponse.of(await this.showNotification.execute(tenantId, id));
  }

  // Whoever may read what persons are told may say that it was read. A program that is given analytics:read alone is meant to change
  // nothing; and a public write key, which has events:write alone, must not get at it at all.
  @Patch(':id')
  @Authorize({ scopes: ['analytics:read'], keys: true, keyScopes: ['events:write'] })
  @ApiOperation({
    summary: 'Mark a notification read, or unread',
    description: 'People need analytics:read; an API key needs events:write as well.',
  })
  @ApiOkResponse({ type: NotificationResponse })
  @ApiResponse({
    status: 404,
    description: 'notification_not_found, also for what belongs to another tenant',
  })
  async mark(
    @Param('id') id: string,
    @Body() { read }: MarkNotificationRequest,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<NotificationResponse> {
    return NotificationResponse.of(await this.markNotification.execute({ tenantId, id, read }));
  }
}
