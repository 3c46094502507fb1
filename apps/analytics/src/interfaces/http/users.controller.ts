import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isInstant, pageOf, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { ListActivity } from '../../application/raw/list-activity';
import { ActivityPlace } from '../../application/raw/person.reader';
import { ReportHeads } from '../../application/raw/report-heads';
import { ShowPerson } from '../../application/raw/show-person';
import { HeavyReport } from './heavy-report';
import { mayIdentify } from './may-identify';
import { PeriodQuery, ReportScopes } from './period.query';
import { ActivityQuery } from './raw-report.query';
import { ActivityPageResponse, ActivityResponse, UserResponse } from './users.response';

@ApiTags('analytics')
@Controller('analytics/users')
export class UsersController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly heads: ReportHeads,
    private readonly showPerson: ShowPerson,
    private readonly listActivity: ListActivity,
  ) {}

  @Get(':userId')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @HeavyReport('user-profile', 200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'What an application knows of one person',
    description:
      'A user id that is an e-mail or a CPF finds the person under their pseudonym. Never cached, so that nothing of it outlives an erasure.',
  })
  @ApiOkResponse({ type: UserResponse })
  @ApiResponse({ status: 400, description: 'malformed_user_id, malformed_app_id, malformed_start_date, …' })
  @ApiResponse({ status: 403, description: 'wrong_app' })
  @ApiResponse({ status: 404, description: 'user_unknown, also for what belongs to another tenant' })
  @ApiResponse({
    status: 422,
    description: 'invalid_period, period_too_long, unknown_time_zone, report_too_heavy',
  })
  async show(
    @Param('userId') userId: string,
    @Query() query: PeriodQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UserResponse> {
    const scope = await this.scopes.of(query, principal);
    const { head, answer } = await this.heads.before(scope, () => this.showPerson.execute(scope, userId));
    return UserResponse.from(head, answer);
  }

  @Get(':userId/activity')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @HeavyReport('user-activity', 200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: "One person's events in the period, newest first",
    description: 'Never cached. Ids of devices and sessions are told to people with `tenant:write`.',
  })
  @ApiOkResponse({ type: ActivityPageResponse })
  @ApiResponse({ status: 400, description: 'malformed_user_id, malformed_event_type, malformed_cursor, …' })
  @ApiResponse({ status: 403, description: 'wrong_app' })
  @ApiResponse({
    status: 422,
    description: 'invalid_period, period_too_long, unknown_time_zone, report_too_heavy',
  })
  async activity(
    @Param('userId') userId: string,
    @Query() query: ActivityQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ActivityPageResponse> {
    const { eventType, limit, cursor } = query;
    const after = placeOf(cursor);
    const scope = await this.scopes.of(query, principal);
    const { head, answer } = await this.heads.before(scope, () =>
      this.listActivity.execute(scope, { userId, eventType, after, limit }),
    );
    const { items, nextCursor } = pageOf(answer, limit, ({ occurredAt, eventId, timestamp }) =>
      writeCursor([occurredAt.toISOString(), eventId, timestamp.toISOString()]),
    );
    const named = mayIdentify(principal);
    return { ...head, items: items.map((event) => ActivityResponse.of(event, named)), nextCursor };
  }
}

/** @throws MalformedInput `malformed_cursor` */
function placeOf(cursor: string | undefined): ActivityPlace | undefined {
  if (cursor === undefined) return undefined;
  const isTime = (text: string) => isInstant(text);
  const [occurredAt, eventId, timestamp] = readCursor(cursor, [isTime, isUuid, isTime]);
  return { occurredAt: new Date(occurredAt), eventId, timestamp: new Date(timestamp) };
}
