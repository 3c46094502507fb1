import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EventStream } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { LiveAudience } from '../ws/live-audience';
import { LiveQuery } from '../ws/live.query';
import { LiveCountsResponse } from './live.response';
import { ReportScopes } from './period.query';

/** Proxies cut what is silent for a minute, and readers want to know within that time whether we are there. */
const BEAT_MS = 15_000;

@ApiTags('analytics')
@ApiExtraModels(LiveCountsResponse)
@Controller('analytics')
export class StreamController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly audience: LiveAudience,
  ) {}

  @Get('stream')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'What is going on in an application, as server-sent events',
    description:
      'Does not end. An event `live` with the counts at once, then once a second while something changes, every five seconds otherwise; a comment every 15 s; an event `closed` (`{"code", "reason"}`) before we end it: `expired_token`, `revoked_token`, `revoked_api_key`, `tenant_suspended`, `leaving`. `data` is one line of JSON, `id` its `asOf` and `seq`. A client that does not read is cut. The same as a WebSocket: `/analytics/live`.',
  })
  @ApiOkResponse({
    content: { 'text/event-stream': { schema: { $ref: getSchemaPath(LiveCountsResponse) } } },
  })
  @ApiResponse({ status: 400, description: 'malformed_app_id' })
  @ApiResponse({ status: 403, description: "wrong_app: an API key listens to its own application's counts" })
  @ApiResponse({ status: 429, description: 'too_many_listeners, rate_limited; see Retry-After' })
  @ApiResponse({ status: 503, description: 'application_unknown, service_leaving; see Retry-After' })
  stream(
    @Query() query: LiveQuery,
    @CurrentPrincipal() principal: Principal,
    @Res() reply: FastifyReply,
  ): void {
    const appId = this.scopes.appOf(query.appId, principal);
    this.audience.checkRoom(principal);
    if (reply.request.method === 'HEAD') {
      void EventStream.head(reply).send();
      return;
    }
    let leave = (): void => undefined;
    const stream = EventStream.answer(reply, () => leave());
    const beat = setInterval(() => stream.beat(), BEAT_MS).unref();
    const left = this.audience.join(principal, appId, {
      kind: 'sse',
      get unread() {
        return stream.unread;
      },
      tell: ({ id, text }) => stream.send({ event: 'live', id, data: text }),
      end: (ending) => stream.close({ event: 'closed', data: JSON.stringify(ending) }),
      drop: () => stream.drop(),
    });
    leave = () => {
      clearInterval(beat);
      left();
    };
  }
}
