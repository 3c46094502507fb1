import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isInstant, pageOf, readCursor, writeCursor } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import type { FastifyReply } from 'fastify';
import { ListSessions } from '../../application/raw/list-sessions';
import { ReportHeads } from '../../application/raw/report-heads';
import { SessionPlace } from '../../application/raw/session.reader';
import { ShowSessions } from '../../application/raw/show-sessions';
import { HeavyReport } from './heavy-report';
import { mayIdentify } from './may-identify';
import { ReportScopes } from './period.query';
import { SessionListQuery, SessionsQuery } from './raw-report.query';
import { SessionsResponse } from './raw-report.response';
import { ApiReport, sendReport } from './send-report';
import { SessionPageResponse, SessionResponse } from './session.response';

@ApiTags('analytics')
@Controller('analytics/sessions')
export class SessionsController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly heads: ReportHeads,
    private readonly showSessions: ShowSessions,
    private readonly listSessions: ListSessions,
  ) {}

  @Get()
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @HeavyReport('sessions')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Sessions that began in a time: how many, how long, and how many left after one page',
    description:
      "A session is a visitor's events in an application with less than 30 minutes between one and the next, whatever the client calls its sessions. Counted, not estimated.",
  })
  @ApiReport(SessionsResponse, 'report_too_heavy')
  async show(
    @Query() query: SessionsQuery,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { device, country, limit } = query;
    const scope = await this.scopes.of(query, principal);
    return sendReport(reply, await this.showSessions.execute(scope, { device, country, limit }));
  }

  @Get('list')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @HeavyReport('session-list', 200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Sessions one by one, newest first',
    description:
      'Never cached. A late event may lengthen a session or make one of two. Whose it is is told by `visitor` alone; by `userId`, too, where the question names the user, and to people with `tenant:write`.',
  })
  @ApiOkResponse({ type: SessionPageResponse })
  @ApiResponse({ status: 400, description: 'malformed_user_id, malformed_cursor, malformed_start_date, …' })
  @ApiResponse({ status: 403, description: 'wrong_app' })
  @ApiResponse({
    status: 422,
    description: 'invalid_period, period_too_long, unknown_time_zone, report_too_heavy',
  })
  async list(
    @Query() query: SessionListQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionPageResponse> {
    const { userId, device, country, limit, cursor } = query;
    const after = placeOf(cursor);
    const scope = await this.scopes.of(query, principal);
    const { head, answer } = await this.heads.before(scope, () =>
      this.listSessions.execute(scope, { userId, device, country, after, limit }),
    );
    const { items, nextCursor } = pageOf(answer, limit, ({ startedAt, visitor }) =>
      writeCursor([startedAt.toISOString(), visitor]),
    );
    // whom the question names, the answer may
    const named = userId !== undefined || mayIdentify(principal);
    return { ...head, items: items.map((session) => SessionResponse.of(session, named)), nextCursor };
  }
}

/** @throws MalformedInput `malformed_cursor` */
function placeOf(cursor: string | undefined): SessionPlace | undefined {
  if (cursor === undefined) return undefined;
  const [startedAt, visitor] = readCursor(cursor, [(text) => isInstant(text), isVisitor]);
  return { startedAt: new Date(startedAt), visitor };
}

function isVisitor(text: string): boolean {
  return /^\d{1,16}$/.test(text);
}
