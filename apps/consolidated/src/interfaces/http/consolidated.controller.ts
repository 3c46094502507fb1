import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authorize, CurrentPrincipal, type Principal } from '@libs/security';
import { InvalidRequest } from '@libs/kernel';
import { Answer } from '../../application/answers';
import { ReadBalance } from '../../application/read-balance';
import { ReadDay } from '../../application/read-day';
import { ReadRange } from '../../application/read-range';
import { BalanceResponse, ConsolidatedDayResponse, ConsolidatedRangeResponse } from './consolidated.response';
import { type Query as QueryString, readDay, readInstant, readReleaseId, refuseUnknown } from './query';

const CACHE_HEADERS = {
  'X-Cache': { description: 'HIT or MISS', schema: { type: 'string' } },
  Age: { description: 'Seconds since the answer was computed', schema: { type: 'integer' } },
} as const;

@ApiTags('consolidated')
@Controller('consolidated')
export class ConsolidatedController {
  constructor(
    private readonly readDayOf: ReadDay,
    private readonly readRange: ReadRange,
    private readonly readBalance: ReadBalance,
  ) {}

  @Get('daily')
  @Authorize({ scopes: ['releases:read'], keys: true })
  @ApiOperation({ summary: 'The consolidated day, today by default' })
  @ApiQuery({ name: 'date', required: false, description: "YYYY-MM-DD; today in the company's zone" })
  @ApiQuery({
    name: 'after',
    required: false,
    description:
      'A release id: waits up to 1 s for it. X-After tells INCLUDED, or PENDING when it did not come.',
  })
  @ApiOkResponse({ type: ConsolidatedDayResponse, headers: CACHE_HEADERS })
  async daily(
    @Query() query: QueryString,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    refuseUnknown(query, ['date', 'after']);
    const answer = await this.readDayOf.execute({
      tenantId: principal.tenantId,
      date: readDay(query, 'date'),
      after: readReleaseId(query, 'after'),
    });
    if (answer.included !== undefined) void reply.header('x-after', answer.included ? 'INCLUDED' : 'PENDING');
    return send(reply, answer);
  }

  @Get()
  @Authorize({ scopes: ['releases:read'], keys: true })
  @ApiOperation({ summary: 'One row a day, at most 366 days' })
  @ApiQuery({ name: 'from', required: true, description: 'YYYY-MM-DD' })
  @ApiQuery({ name: 'to', required: true, description: 'YYYY-MM-DD, included' })
  @ApiOkResponse({ type: ConsolidatedRangeResponse, headers: CACHE_HEADERS })
  async range(
    @Query() query: QueryString,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    refuseUnknown(query, ['from', 'to']);
    const from = readDay(query, 'from');
    const to = readDay(query, 'to');
    if (from === undefined || to === undefined) throw missing({ from, to });
    return send(reply, await this.readRange.execute({ tenantId: principal.tenantId, from, to }));
  }

  @Get('balance')
  @Authorize({ scopes: ['releases:read'], keys: true })
  @ApiOperation({ summary: 'The balance at an instant, now by default' })
  @ApiQuery({
    name: 'at',
    required: false,
    description: 'RFC 3339, any offset',
    schema: { format: 'date-time' },
  })
  @ApiOkResponse({ type: BalanceResponse, headers: CACHE_HEADERS })
  async balance(
    @Query() query: QueryString,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    refuseUnknown(query, ['at']);
    const at = readInstant(query, 'at');
    return send(reply, await this.readBalance.execute({ tenantId: principal.tenantId, at }));
  }
}

/** The body is JSON text already: Fastify sends a string as it is. */
function send(reply: FastifyReply, answer: Answer): string {
  void reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('x-cache', answer.cached ? 'HIT' : 'MISS')
    .header('age', answer.ageSeconds);
  return answer.body;
}

function missing(parameters: Record<string, string | undefined>): InvalidRequest {
  const names = Object.keys(parameters).filter((name) => parameters[name] === undefined);
  return new InvalidRequest(
    names.map((path) => ({ path, code: 'malformed_date', message: 'is missing: a day written YYYY-MM-DD' })),
    false,
  );
}
