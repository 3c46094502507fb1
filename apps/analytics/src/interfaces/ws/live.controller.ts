import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { acceptUpgrade, streamsOf, Upgradable } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { ReportScopes } from '../http/period.query';
import { LiveAdmission } from './live-admission';
import { LiveAudience } from './live-audience';
import { LiveGateway } from './live.gateway';
import { LiveQuery } from './live.query';

/** The handshake of LiveGateway: a route like every other, so that what guards those guards it. */
@ApiTags('analytics')
@Controller('analytics')
export class LiveController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly audience: LiveAudience,
    private readonly gateway: LiveGateway,
  ) {}

  @Get('live')
  @Upgradable()
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @ApiOperation({
    summary: 'What is going on in an application, over a WebSocket',
    description:
      'Messages `{"event": "live", "data": …}` with what `/analytics/stream` tells, as often. Pages, which can set no header, offer the subprotocols `moneyflow.live` and `bearer.<access token>`; a token never stands in the URL. Closed with 4401 or 4403 and the reason (`expired_token`, `revoked_token`, `tenant_suspended`, …), 1001 when the instance shuts down, 1008 for a client that talks too much.',
  })
  @ApiResponse({ status: 101, description: 'From here on a WebSocket.' })
  @ApiResponse({ status: 400, description: 'malformed_app_id, malformed_handshake, ambiguous_credentials' })
  @ApiResponse({ status: 403, description: 'wrong_app, origin_not_allowed' })
  @ApiResponse({ status: 426, description: 'upgrade_required: asked for without a handshake' })
  @ApiResponse({ status: 429, description: 'too_many_listeners, rate_limited; see Retry-After' })
  @ApiResponse({ status: 503, description: 'application_unknown, service_leaving; see Retry-After' })
  live(
    @Query() query: LiveQuery,
    @CurrentPrincipal() principal: Principal,
    @Res() reply: FastifyReply,
  ): void {
    const appId = this.scopes.appOf(query.appId, principal);
    this.audience.checkRoom(principal);
    const admission: LiveAdmission = { principal, appId, streams: streamsOf(reply.request) };
    acceptUpgrade(reply, this.gateway.server, admission);
  }
}
