import { applyDecorators } from '@nestjs/common';
import { ApiHideProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { check, MayBeAbsent } from '@libs/http';
import { MetadataFilter } from '../../application/reports/raw-summary.reader';
import { INTERVALS, MOST_DAYS_BY_HOUR, TimelineInterval } from '../../application/reports/show-timeline';
import { Dimension, DIMENSIONS } from '../../domain/dimensions';
import { PeriodQuery } from './period.query';

const EVENT_TYPE = /^[a-z][a-z0-9_]{0,63}$/;
const MOST_VALUES_TOLD = 500;
const VALUES_TOLD = 20;
const MOST_METADATA = 3;

const EventTypeParameter = (description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ example: 'page_view', description }),
    MayBeAbsent(),
    check(
      'eventType',
      'malformed_event_type',
      (value) => typeof value === 'string' && EVENT_TYPE.test(value),
      'must be an event type',
    ),
  );

const LimitParameter = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      type: Number,
      minimum: 1,
      maximum: MOST_VALUES_TOLD,
      default: VALUES_TOLD,
      description: 'So many values are told; the others together are the remainder.',
    }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value,
    ),
    check(
      'limit',
      'malformed_limit',
      (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_VALUES_TOLD,
      `must be a whole number from 1 to ${MOST_VALUES_TOLD}`,
    ),
  );

/** The query string of GET /analytics/events/summary: `?metadata.<name>=<value>` comes gathered. */
export class SummaryQuery extends PeriodQuery {
  @EventTypeParameter('Only events of this type.')
  eventType?: string;

  @ApiPropertyOptional({ enum: DIMENSIONS })
  @MayBeAbsent()
  @check(
    'breakdown',
    'malformed_breakdown',
    (value) => (DIMENSIONS as readonly unknown[]).includes(value),
    `must be one of ${DIMENSIONS.join(', ')}`,
  )
  breakdown?: Dimension;

  @LimitParameter()
  limit: number = VALUES_TOLD;

  @ApiPropertyOptional({ enum: ['previous'], description: 'Beside as long a time right before.' })
  @MayBeAbsent()
  @check('compare', 'malformed_compare', (value) => value === 'previous', 'must be previous')
  compare?: 'previous';

  @ApiHideProperty()
  @MayBeAbsent()
  @check(
    'metadata',
    'malformed_metadata',
    (value) => Array.isArray(value) && value.length <= MOST_METADATA && value.every(isMetadataFilter),
    `.<name>=<value>: at most ${MOST_METADATA} names of 1 to 64 characters, each once, values of at most 256, no control characters`,
  )
  metadata?: MetadataFilter[];
}

/** The query string of GET /analytics/events/timeline. */
export class TimelineQuery extends PeriodQuery {
  @EventTypeParameter('Only events of this type.')
  eventType?: string;

  @ApiPropertyOptional({
    enum: INTERVALS,
    default: 'day',
    description: `Of \`timeZone\`; by hour at most ${MOST_DAYS_BY_HOUR} days.`,
  })
  @check(
    'interval',
    'malformed_interval',
    (value) => (INTERVALS as readonly unknown[]).includes(value),
    `must be one of ${INTERVALS.join(', ')}`,
  )
  interval: TimelineInterval = 'day';
}

/** The query string of GET /analytics/pages and GET /analytics/referrers. */
export class RankingQuery extends PeriodQuery {
  @EventTypeParameter('Whose values are counted; page_view unless it is given.')
  eventType?: string;

  @LimitParameter()
  limit: number = VALUES_TOLD;
}

function isMetadataFilter({ name, value }: { name?: unknown; value?: unknown }): boolean {
  const isPlain = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text);
  return (
    typeof name === 'string' &&
    name.length >= 1 &&
    name.length <= 64 &&
    isPlain(name) &&
    typeof value === 'string' &&
    value.length <= 256 &&
    isPlain(value)
  );
}
