import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NoQuery, readDto } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { RankValues } from '../../application/reports/rank-values';
import { ShowOverview } from '../../application/reports/show-overview';
import { Dimension } from '../../domain/dimensions';
import { PeriodQuery, ReportScopes } from './period.query';
import { RankingQuery } from './report.query';
import { OverviewResponse, RankingResponse } from './rollup-report.response';
import { ApiReport, sendReport } from './send-report';

const PAGE_VIEW = 'page_view';

@ApiTags('analytics')
@Controller('analytics')
export class AppReportsController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly rankValues: RankValues,
    private readonly showOverview: ShowOverview,
  ) {}

  @Get('pages')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The pages that are viewed most',
    description: 'Host and path; ids in a path are `:id`, what follows a `?` is left out.',
  })
  @ApiReport(RankingResponse)
  pages(
    @Query() query: RankingQuery,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.ranking('url', query, principal, reply);
  }

  @Get('referrers')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The sites that most page views came from' })
  @ApiReport(RankingResponse)
  referrers(
    @Query() query: RankingQuery,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.ranking('referrer', query, principal, reply);
  }

  @Get('apps/:appId/overview')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'An application at a glance, in the time zone of the tenant',
    description: 'Today, yesterday, the last 7 and 30 days and those before; what is viewed; who is there.',
  })
  @ApiParam({ name: 'appId', format: 'uuid' })
  @ApiReport(OverviewResponse, 'report_too_heavy')
  async overview(
    @Param('appId') appId: string,
    @Query() _query: NoQuery,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { period, ...scope } = await this.scopes.of(readDto(PeriodQuery, { appId }), principal);
    return sendReport(reply, await this.showOverview.execute(scope, period.timeZone));
  }

  private async ranking(
    dimension: Dimension,
    query: RankingQuery,
    principal: Principal,
    reply: FastifyReply,
  ): Promise<string> {
    const { eventType = PAGE_VIEW, limit } = query;
    const scope = await this.scopes.of(query, principal);
    return sendReport(reply, await this.rankValues.execute(scope, { dimension, limit }, eventType));
  }
}
