import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { pageOf, readCursor, writeCursor, isDay } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { InsightPlace } from '../../application/reading/insight.reader';
import { ListInsights } from '../../application/reading/list-insights';
import { ShowInsight } from '../../application/reading/show-insight';
import { InsightPageResponse, InsightResponse } from './insight.response';
import { InsightsQuery } from './reading.query';

@ApiTags('events')
@Controller('insights')
export class InsightsController {
  constructor(
    private readonly listInsights: ListInsights,
    private readonly showInsight: ShowInsight,
  ) {}

  @Get()
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: "What stands out in persons' spending, newest week first",
    description:
      "A week's spending on a category against the person's own up to 26 weeks before it: 3.5 robust deviations (median, MAD) or more, half as much again as usual, and 50.00 above it; at least 6 weeks of history. Late events are reckoned in, so that an insight may change or go.",
  })
  @ApiOkResponse({ type: InsightPageResponse })
  @ApiResponse({ status: 422, description: 'invalid_range' })
  async list(
    @Query() query: InsightsQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<InsightPageResponse> {
    const { userId, type, from, to, limit, cursor } = query;
    const minConfidence = query.minConfidence === undefined ? undefined : Number(query.minConfidence);
    const insights = await this.listInsights.execute(tenantId, {
      filter: { userId, type, from, to, minConfidence },
      after: placeOf(cursor),
      limit,
    });
    const { items, nextCursor } = pageOf(insights, limit, ({ week, id }) => writeCursor([week, id]));
    return { items: items.map((insight) => InsightResponse.of(insight)), nextCursor };
  }

  @Get(':id')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'One insight' })
  @ApiOkResponse({ type: InsightResponse })
  @ApiResponse({ status: 404, description: 'insight_not_found, also for what belongs to another tenant' })
  async show(@Param('id') id: string, @CurrentPrincipal() { tenantId }: Principal): Promise<InsightResponse> {
    return InsightResponse.of(await this.showInsight.execute(tenantId, id));
  }
}

/** @throws MalformedInput `malformed_cursor` */
function placeOf(cursor: string | undefined): InsightPlace | undefined {
  if (cursor === undefined) return undefined;
  const [week, id] = readCursor(cursor, [(text) => isDay(text), isUuid]);
  return { week, id };
}
