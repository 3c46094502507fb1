import { Controller, Get, Header, Query, Res, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import {
  MOST_DAYS_OF_FOREIGN_USERS,
  MOST_DAYS_OF_HOURLY_USERS,
  ShowTimeline,
} from '../../application/reports/show-timeline';
import { Summarise } from '../../application/reports/summarise';
import { MetadataOfQuery } from './metadata-of-query';
import { ReportScopes } from './period.query';
import { SummaryQuery, TimelineQuery } from './report.query';
import { SummaryResponse, TimelineResponse } from './rollup-report.response';
import { ApiReport, sendReport } from './send-report';

@ApiTags('analytics')
@Controller('analytics/events')
export class EventReportsController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly summarise: Summarise,
    private readonly showTimeline: ShowTimeline,
  ) {}

  @Get('summary')
  @UseInterceptors(MetadataOfQuery)
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Events, users and sessions of a time; by type, and by the values of a dimension',
    description:
      'Read from rollups by quarters of an hour: instants in between are widened to whole ones, `from` and `to` of the answer say to which.',
  })
  @ApiQuery({
    name: 'metadata.<name>',
    required: false,
    type: String,
    description:
      'Only events whose metadata of that name is this: text, a number, or true and false, as they are kept (personal data masked). Up to three, all must hold. Counted from the raw events, and exact; over much time and many events that is refused.',
  })
  @ApiReport(SummaryResponse, 'report_too_heavy')
  async summary(
    @Query() query: SummaryQuery,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { eventType, breakdown, limit, compare, metadata = [] } = query;
    const report = await this.summarise.execute(await this.scopes.of(query, principal), {
      eventType,
      breakdown: breakdown && { dimension: breakdown, limit },
      compare: compare !== undefined,
      metadata,
    });
    return sendReport(reply, report);
  }

  @Get('timeline')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Events by hour or by day',
    description: `Real hours and local days: one where clocks are put back has 25 hours, and 23:00 twice. \`users\` and \`sessions\` come by hour for up to ${MOST_DAYS_OF_HOURLY_USERS} days, by day always in the tenant's zone and for up to ${MOST_DAYS_OF_FOREIGN_USERS} days in others. Instants that are no quarters of an hour are widened to them.`,
  })
  @ApiReport(TimelineResponse, 'report_too_heavy')
  async timeline(
    @Query() query: TimelineQuery,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { eventType, interval } = query;
    const scope = await this.scopes.of(query, principal);
    return sendReport(reply, await this.showTimeline.execute(scope, { eventType, interval }));
  }
}
