import { applyDecorators, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Ingestion } from '@libs/http';
import { EventSource } from '../../domain/tracked-event';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import type { FastifyRequest } from 'fastify';
import { CollectEvents } from '../../application/collect-events';
import { CollectLimits } from './collect-limits';
import { count } from './collect-metrics';
import { SdkEvent, SdkEventBatch, TrackEvent, TrackEventBatch } from './collect.request';
import { CollectedResponse, collectedResponse } from './collect.response';
import { EventSenders } from './event-senders';

const DESCRIPTION =
  'Answers 202 once the log has the accepted ones durably, with what became of each: a bad event never sinks its batch, and an event that is sent again (same id, same timestamp) counts once, for ever. ' +
  'By access token, by API key, or by a write key in the URL (`?key=`), with which the body may also be `text/plain`. The body may be compressed: `Content-Encoding: gzip`, `deflate` or `br`.';

/** Of a request without a body. */
const NOTHING = new Uint8Array();

function Collects(summary: string): MethodDecorator {
  return applyDecorators(
    HttpCode(202),
    Ingestion(),
    CollectLimits(),
    Authorize({ scopes: ['events:write'], keys: true, writeKeys: true }),
    ApiOperation({ summary, description: DESCRIPTION }),
    ApiResponse({ status: 202, type: CollectedResponse }),
    ApiResponse({
      status: 400,
      description:
        'malformed_json, malformed_utf8, duplicate_key, forbidden_key, too_deep, malformed_encoding, unknown_property, malformed_events, malformed_sent_at',
    }),
    ApiResponse({ status: 403, description: 'insufficient_scope; not_a_write_key in the URL' }),
    ApiResponse({ status: 413, description: 'body_too_large (1 MiB), event_too_large (256 KiB)' }),
    ApiResponse({ status: 415, description: 'unsupported_media_type, unsupported_content_encoding' }),
    ApiResponse({ status: 422, description: 'batch_size: 1 to 100 events' }),
    ApiResponse({
      status: 503,
      description:
        'event_log_full, event_log_unavailable, database_unavailable, application_unknown; see Retry-After.',
    }),
  );
}

/** Where events come in: two forms of them, one by one or in batches. */
@ApiTags('collector')
@Controller('events')
export class CollectController {
  constructor(
    private readonly collectEvents: CollectEvents,
    private readonly senders: EventSenders,
  ) {}

  @Post()
  @Collects('Send one event, in the form of the SDK')
  @ApiBody({ type: SdkEvent })
  one(@CurrentPrincipal() by: Principal, @Req() request: FastifyRequest) {
    return this.collect('sdk', false, by, request);
  }

  @Post('batch')
  @Collects('Send up to 100 events, in the form of the SDK')
  @ApiBody({ type: SdkEventBatch })
  batch(@CurrentPrincipal() by: Principal, @Req() request: FastifyRequest) {
    return this.collect('sdk', true, by, request);
  }

  @Post('track')
  @Collects('Send one event of any type, in the short form')
  @ApiBody({ type: TrackEvent })
  track(@CurrentPrincipal() by: Principal, @Req() request: FastifyRequest) {
    return this.collect('track', false, by, request);
  }

  @Post('track/batch')
  @Collects('Send up to 100 events of any type, in the short form')
  @ApiBody({ type: TrackEventBatch })
  trackBatch(@CurrentPrincipal() by: Principal, @Req() request: FastifyRequest) {
    return this.collect('track', true, by, request);
  }

  private async collect(
    source: EventSource,
    batch: boolean,
    principal: Principal,
    request: FastifyRequest,
  ): Promise<CollectedResponse> {
    const bytes = request.body instanceof Uint8Array ? request.body : NOTHING;
    const sender = this.senders.of(principal, request);
    const collected = await this.collectEvents.execute(sender, { source, batch, bytes });
    count(source, collected);
    return collectedResponse(collected);
  }
}
