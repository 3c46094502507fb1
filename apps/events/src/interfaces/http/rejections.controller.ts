import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Page, pageOf } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { GetRejection } from '../../application/rejections/get-rejection';
import { ListRejections } from '../../application/rejections/list-rejections';
import { ReplayRejections } from '../../application/rejections/replay-rejections';
import {
  ListRejectionsQuery,
  rejectionCursorOf,
  rejectionFilterOf,
  rejectionPlaceOf,
} from './list-rejections.query';
import {
  KeptRejectionResponse,
  RejectionPageResponse,
  rejectionResponse,
  ReplayedResponse,
  replayedResponse,
  WholeRejectionResponse,
  wholeRejectionResponse,
} from './rejection.response';
import { ReplayRejectionsRequest, selectionOf } from './replay-rejections.request';

/** What was not accepted, and why; to be sent again once the reason is gone. */
@ApiTags('rejected events')
@Controller('events/rejected')
export class RejectionsController {
  constructor(
    private readonly listRejections: ListRejections,
    private readonly getRejection: GetRejection,
    private readonly replayRejections: ReplayRejections,
  ) {}

  @Get()
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @ApiOperation({
    summary: 'The rejected events, newest first',
    description:
      'Kept for 30 days, the newest 10,000 and 64 MiB of a tenant. They are there a moment after the answer that rejected them.',
  })
  @ApiResponse({ status: 200, type: RejectionPageResponse })
  @ApiResponse({ status: 422, description: 'invalid_range' })
  async list(
    @Query() query: ListRejectionsQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<Page<KeptRejectionResponse>> {
    const after = rejectionPlaceOf(query.cursor);
    const rows = await this.listRejections.execute(tenantId, rejectionFilterOf(query), after, query.limit);
    const page = pageOf(rows, query.limit, ({ receivedAt, rejectionId }) =>
      rejectionCursorOf({ receivedAt: new Date(receivedAt), rejectionId }),
    );
    return { ...page, items: page.items.map(rejectionResponse) };
  }

  @Get(':id')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @ApiOperation({ summary: 'One rejected event, whole' })
  @ApiResponse({ status: 200, type: WholeRejectionResponse })
  @ApiResponse({
    status: 404,
    description: 'rejected_event_not_found, also for what belongs to another tenant',
  })
  async get(
    @Param('id') id: string,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<WholeRejectionResponse> {
    return wholeRejectionResponse(await this.getRejection.execute(tenantId, id));
  }

  @Post('replay')
  @HttpCode(200)
  @Authorize({ scopes: ['events:write', 'analytics:read'], keys: true })
  @ApiOperation({
    summary: 'Send rejected events through the collector again, up to 1,000',
    description:
      'By `ids`, or all that were not accepted since by `code`, `from` and `to`, newest first. They keep their person, application and time. Doing it twice is harmless: an event counts once for ever.',
  })
  @ApiResponse({ status: 200, type: ReplayedResponse })
  @ApiResponse({ status: 422, description: 'ambiguous_replay, invalid_range' })
  @ApiResponse({
    status: 503,
    description: 'event_log_full, event_log_unavailable: some may be accepted; send the same again.',
  })
  async replay(
    @Body() body: ReplayRejectionsRequest,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<ReplayedResponse> {
    return replayedResponse(await this.replayRejections.execute(tenantId, selectionOf(body)));
  }
}
