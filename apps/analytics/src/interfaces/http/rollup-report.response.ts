import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { INTERVALS } from '../../application/reports/show-timeline';
import { DIMENSIONS } from '../../domain/dimensions';
import { ReportResponse } from './report.response';
import { UniqueResponse } from './unique.response';

const CHANGE = {
  type: Number,
  nullable: true,
  example: 0.25,
  description: 'By what part of the former it is more; null where there was none.',
} as const;

export class TotalsResponse {
  @ApiProperty({ type: 'integer' }) events!: number;
  @ApiProperty({ description: 'By their user id, else their device, else their session.' })
  users!: UniqueResponse;
  @ApiProperty({ description: 'As clients tell them.' }) sessions!: UniqueResponse;
}

export class ChangeResponse {
  @ApiProperty(CHANGE) events!: number | null;
  @ApiProperty(CHANGE) users!: number | null;
  @ApiProperty(CHANGE) sessions!: number | null;
}

export class TypeCountResponse {
  @ApiProperty({ example: 'page_view' }) eventType!: string;
  @ApiProperty({ type: 'integer' }) events!: number;
}

export class OtherTypesResponse {
  @ApiProperty({ type: 'integer' }) events!: number;
}

export class RankedValueResponse {
  @ApiProperty({
    example: 'Chrome',
    description:
      "'' for the events that say nothing of it; of referrers that is direct, or from the same site.",
  })
  value!: string;
  @ApiProperty({ type: 'integer' }) events!: number;
  @ApiProperty({ example: 0.42, description: 'Of all events.' }) share!: number;
}

export class RemainderResponse {
  @ApiProperty({ type: 'integer' }) events!: number;
  @ApiProperty({ example: 0.03 }) share!: number;
  @ApiProperty({
    type: 'integer',
    description:
      'Of them, those whose value is not known any more, as it was rare when they came: 256 values are kept of a quarter of an hour and type, 1,000 of a day and of a run of days. `events` of each value may be too low by at most so many.',
  })
  folded!: number;
}

const EXACT = {
  description:
    'True where `folded` of the remainder is 0: each count is exact, and no value is missing from the order. Else they are lower bounds.',
} as const;

export class TopListResponse {
  @ApiProperty({ type: [RankedValueResponse], description: 'Most events first.' })
  values!: RankedValueResponse[];
  @ApiProperty(EXACT) exact!: boolean;
  @ApiProperty({ description: 'All other values together: values and remainder sum to the events.' })
  remainder!: RemainderResponse;
}

export class BreakdownResponse extends TopListResponse {
  @ApiProperty({ enum: DIMENSIONS }) dimension!: string;
}

export class PreviousResponse {
  @ApiProperty({ format: 'date-time' }) from!: string;
  @ApiProperty({ format: 'date-time' }) to!: string;
  @ApiProperty() totals!: TotalsResponse;
}

export class SummaryResponse extends ReportResponse {
  @ApiProperty() totals!: TotalsResponse;
  @ApiProperty({ type: [TypeCountResponse], description: 'Most events first, 1,000 at most.' })
  byType!: TypeCountResponse[];
  @ApiProperty({ description: 'Of all further types: with byType they sum to the events.' })
  otherTypes!: OtherTypesResponse;
  @ApiPropertyOptional({ description: 'With `breakdown`.' }) breakdown?: BreakdownResponse;
  @ApiPropertyOptional({ description: 'With `compare`.' }) previous?: PreviousResponse;
  @ApiPropertyOptional({ description: 'With `compare`.' }) change?: ChangeResponse;
}

export class TimelinePointResponse {
  @ApiProperty({ format: 'date-time' }) start!: string;
  @ApiProperty({ format: 'date-time', description: 'Where the next one starts.' }) end!: string;
  @ApiProperty({ type: 'integer' }) count!: number;
  @ApiPropertyOptional() users?: UniqueResponse;
  @ApiPropertyOptional() sessions?: UniqueResponse;
}

export class TimelineResponse extends ReportResponse {
  @ApiProperty({ enum: INTERVALS }) interval!: string;
  @ApiProperty({ type: 'integer', description: 'The sum of all counts.' }) total!: number;
  @ApiProperty({ type: [TimelinePointResponse], description: 'In order, without a gap; empty ones, too.' })
  points!: TimelinePointResponse[];
}

export class RankingResponse extends ReportResponse {
  @ApiProperty({ example: 'page_view' }) eventType!: string;
  @ApiProperty({ enum: DIMENSIONS }) dimension!: string;
  @ApiProperty({ type: 'integer' }) events!: number;
  @ApiProperty({ type: [RankedValueResponse] }) values!: RankedValueResponse[];
  @ApiProperty(EXACT) exact!: boolean;
  @ApiProperty() remainder!: RemainderResponse;
}

export class ComparedTotalsResponse extends TotalsResponse {
  @ApiProperty({ description: 'Of as many days right before.' }) previous!: TotalsResponse;
  @ApiProperty() change!: ChangeResponse;
}

export class ActiveResponse {
  @ApiProperty({ type: 'integer' }) visitors!: number;
  @ApiProperty({ type: 'integer', description: 'Who did something in these last minutes.' })
  minutes!: number;
}

export class OverviewResponse extends ReportResponse {
  @ApiProperty() today!: TotalsResponse;
  @ApiProperty() yesterday!: TotalsResponse;
  @ApiProperty({ description: 'Today included.' }) last7Days!: ComparedTotalsResponse;
  @ApiProperty({ description: 'Today included.' }) last30Days!: ComparedTotalsResponse;
  @ApiProperty({ description: 'Of page views in the last 30 days, as the other three.' })
  topPages!: TopListResponse;
  @ApiProperty({ description: 'Of page views.' }) topReferrers!: TopListResponse;
  @ApiProperty({ description: 'Of all events.' }) devices!: TopListResponse;
  @ApiProperty({ description: 'Of all events.' }) countries!: TopListResponse;
  @ApiProperty() active!: ActiveResponse;
}
