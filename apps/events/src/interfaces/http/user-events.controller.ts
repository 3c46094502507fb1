import { Controller, Get, Header, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { pageOf } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { ListUserEvents } from '../../application/reading/list-user-events';
import { PropertiesOfQuery } from './properties-of-query';
import { eventCursorOf, eventPlaceOf, EventsQuery, timesOf, UserEventsQuery } from './reading.query';
import { UserEventPageResponse, UserEventResponse } from './user-event.response';

@ApiTags('events')
@Controller('events')
export class UserEventsController {
  constructor(private readonly listUserEvents: ListUserEvents) {}

  @Get()
  @UseInterceptors(PropertiesOfQuery)
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The critical events that the sinks keep one by one, newest first',
    description:
      'transfer_completed and payment_completed, by `occurredAt`. The others are counted by analytics. A user id that is an e-mail or a CPF finds the events under its pseudonym.',
  })
  @ApiOkResponse({ type: UserEventPageResponse })
  @ApiQuery({
    name: 'properties.<name>',
    required: false,
    type: String,
    description:
      'Events whose property of that name is this: text, a number, or true and false, as they are kept (personal data masked). Up to three, all must hold. Only so narrowed, `to` is now and `from` 31 days before it unless said otherwise, and both are at most 366 days apart.',
  })
  @ApiResponse({
    status: 400,
    description: 'malformed_properties, malformed_type, malformed_cursor, malformed_from, …',
  })
  @ApiResponse({ status: 422, description: 'invalid_range, range_too_wide' })
  list(
    @Query() query: EventsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UserEventPageResponse> {
    return this.page(query, principal);
  }

  @Get('users/:userId')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: "One person's critical events, newest first" })
  @ApiOkResponse({ type: UserEventPageResponse })
  @ApiResponse({ status: 400, description: 'malformed_user_id, malformed_type, malformed_cursor, …' })
  @ApiResponse({ status: 422, description: 'invalid_range' })
  listOfUser(
    @Param('userId') userId: string,
    @Query() query: UserEventsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UserEventPageResponse> {
    return this.page({ ...query, userId }, principal);
  }

  private async page(query: EventsQuery, { tenantId }: Principal): Promise<UserEventPageResponse> {
    const { userId, type, properties, limit, cursor } = query;
    const events = await this.listUserEvents.execute(tenantId, {
      filter: { userId, type, ...timesOf(query) },
      properties,
      after: eventPlaceOf(cursor),
      limit,
    });
    const { items, nextCursor } = pageOf(events, limit, eventCursorOf);
    return { items: items.map((event) => UserEventResponse.of(event)), nextCursor };
  }
}
