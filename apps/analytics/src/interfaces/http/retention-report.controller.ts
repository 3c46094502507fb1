import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import type { FastifyReply } from 'fastify';
import { ShowRetention } from '../../application/raw/show-retention';
import { HeavyReport } from './heavy-report';
import { ReportScopes } from './period.query';
import { RetentionQuery } from './raw-report.query';
import { RetentionResponse } from './raw-report.response';
import { ApiReport, sendReport } from './send-report';

@ApiTags('analytics')
@Controller('analytics')
export class RetentionReportController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly showRetention: ShowRetention,
  ) {}

  @Get('retention')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @HeavyReport('retention')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Of those who came on a day or in a week, how many came again',
    description:
      'Cohorts are whole days or weeks of `timeZone`, so the period is widened to those that it touches: at most 92 days, or 175 by week. A visitor is in the cohort of their first `startEvent` of the period, and has come again in a later day or week with any `returnEvent` in it. Counted from the raw events and the sessions, not estimated; events without any id of a user, a device or a session are of nobody and not counted.',
  })
  @ApiReport(RetentionResponse, 'report_too_heavy')
  async show(
    @Query() query: RetentionQuery,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { cohort, periods, startEvent, returnEvent } = query;
    const scope = await this.scopes.of(query, principal);
    const question = { cohort, periods, startEvent, returnEvent };
    return sendReport(reply, await this.showRetention.execute(scope, question));
  }
}
