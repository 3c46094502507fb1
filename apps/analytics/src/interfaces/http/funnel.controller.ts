import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import type { FastifyReply } from 'fastify';
import { ShowFunnel } from '../../application/raw/show-funnel';
import { windowOf } from '../../domain/funnel';
import { HeavyReport } from './heavy-report';
import { ReportScopes } from './period.query';
import { FunnelQuery } from './raw-report.query';
import { FunnelResponse } from './raw-report.response';
import { ApiReport, sendReport } from './send-report';

@ApiTags('analytics')
@Controller('analytics')
export class FunnelController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly showFunnel: ShowFunnel,
  ) {}

  @Get('funnel')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @HeavyReport('funnel')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'How many visitors took some steps in order',
    description:
      'A visitor is counted once a step, by whichever of their starts in the period leads furthest: every step strictly later than the one before it, and all within `window` of the first. Steps after the first may come after the period. Counted from the raw events, not estimated; events without any id of a user, a device or a session are of nobody and not counted. Period and window together are at most 400 days.',
  })
  @ApiReport(FunnelResponse, 'report_too_heavy')
  async show(
    @Query() query: FunnelQuery,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const scope = await this.scopes.of(query, principal);
    const funnel = { steps: query.steps.split(','), windowMs: windowOf(query.window) ?? Number.NaN };
    return sendReport(reply, await this.showFunnel.execute(scope, funnel));
  }
}
