import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdempotencyKey, Idempotent, Page } from '@libs/http';
import { DomainError, newId, requestContext } from '@libs/kernel';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import type { FastifyReply } from 'fastify';
import { AcceptRelease, Author } from '../../application/accept-release';
import { AcceptReleaseBatch, BatchItem } from '../../application/accept-release-batch';
import { GetRelease } from '../../application/get-release';
import { ListReleases } from '../../application/list-releases';
import { ListReleasesQuery, cursorOf, filterOf, positionOf } from './list-releases.query';
import { PostReleaseBatchRequest, PostReleaseRequest } from './post-release.request';
import { readReleaseInput, readReleaseItems } from './read-release-input';
import {
  BatchResponse,
  QueuedReleaseResponse,
  ReleasePageResponse,
  ReleaseResponse,
  batchResponse,
  queuedResponse,
  releaseResponse,
} from './release.response';

@ApiTags('releases')
@Controller('releases')
export class ReleasesController {
  constructor(
    private readonly acceptRelease: AcceptRelease,
    private readonly acceptReleaseBatch: AcceptReleaseBatch,
    private readonly getRelease: GetRelease,
    private readonly listReleases: ListReleases,
  ) {}

  @Post()
  @HttpCode(202)
  @Authorize({ scopes: ['releases:write'], keys: true, money: true })
  @Idempotent()
  @ApiOperation({
    summary: 'Post a credit or a debit',
    description:
      'Answers 202 once the release is durably queued; `Location` tells its status. With an `Idempotency-Key` the id is derived from it: a retry is the same release, however late, and another body under the key never becomes a second one.',
  })
  @ApiBody({ type: PostReleaseRequest })
  @ApiResponse({ status: 202, type: QueuedReleaseResponse })
  @ApiResponse({ status: 422, description: 'zero_amount, amount_not_a_string, occurred_at_out_of_range, …' })
  @ApiResponse({ status: 503, description: 'The queue does not take releases now; see Retry-After.' })
  async post(
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueuedReleaseResponse> {
    const release = await this.acceptRelease.execute(
      readReleaseInput(body),
      authorOf(principal, idempotencyKey),
    );
    void reply.header('location', `/api/v1/releases/${release.id}`);
    return queuedResponse(release);
  }

  @Post('batch')
  @HttpCode(202)
  @Authorize({ scopes: ['releases:write'], keys: true, money: true })
  @Idempotent()
  @ApiOperation({
    summary: 'Post up to 1,000 releases',
    description:
      'Each item has its own outcome: a bad one does not sink the others. 202 when at least one was queued; 422 `nothing_accepted` when every item is bad. If the queue fails midway the answer is 503 and some items may be queued: send an `Idempotency-Key`, then the retry posts none twice.',
  })
  @ApiBody({ type: PostReleaseBatchRequest })
  @ApiResponse({ status: 202, type: BatchResponse })
  @ApiResponse({ status: 422, description: 'nothing_accepted, batch_size' })
  async postBatch(
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<BatchResponse> {
    const items = readReleaseItems(body).map(itemOf);
    return batchResponse(await this.acceptReleaseBatch.execute(items, authorOf(principal, idempotencyKey)));
  }

  @Get(':id')
  @Authorize({ scopes: ['releases:read'], keys: true })
  @ApiOperation({
    summary: 'Where a release is on its way',
    description: '`queued` is known as soon as the 202 was; then `posted`, or `rejected` with the reason.',
  })
  @ApiResponse({ status: 200, type: ReleaseResponse })
  @ApiResponse({ status: 404, description: 'release_not_found, also for what belongs to another tenant' })
  async get(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<ReleaseResponse> {
    return releaseResponse(await this.getRelease.execute(principal.tenantId, id));
  }

  @Get()
  @Authorize({ scopes: ['releases:read'], keys: true })
  @ApiOperation({
    summary: 'The posted releases, newest first',
    description: 'By `occurredAt`, then id. A page stays where it is while releases are added.',
  })
  @ApiResponse({ status: 200, type: ReleasePageResponse })
  async list(
    @Query() query: ListReleasesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<ReleaseResponse>> {
    const { items, next } = await this.listReleases.execute(principal.tenantId, {
      ...filterOf(query),
      after: positionOf(query.cursor),
      limit: query.limit,
    });
    return { items: items.map(releaseResponse), nextCursor: next ? cursorOf(next) : null };
  }
}

function authorOf({ tenantId, userId }: Principal, idempotencyKey: string | undefined): Author {
  const context = requestContext.current();
  return {
    tenantId,
    userId,
    idempotencyKey,
    requestId: context?.requestId ?? newId(),
    traceparent: context?.traceparent,
  };
}

function itemOf(body: unknown): BatchItem {
  try {
    return readReleaseInput(body);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
