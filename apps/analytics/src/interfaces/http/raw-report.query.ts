import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { check, MayBeAbsent } from '@libs/http';
import { COHORT_UNITS, CohortUnit, MOST_RETURNS } from '../../domain/cohorts';
import { FEWEST_STEPS, MOST_STEPS, windowOf } from '../../domain/funnel';
import { PagedPeriodQuery, PeriodQuery } from './period.query';

const EVENT_TYPE = /^[a-z][a-z0-9_]{0,63}$/;
const isEventType = (value: unknown) => typeof value === 'string' && EVENT_TYPE.test(value);
const isOneOf = (all: readonly string[]) => (value: unknown) =>
  typeof value === 'string' && all.includes(value);
const wholeOf = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;
const isWhole = (most: number) => (value: unknown) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
const isShortText = (value: unknown) =>
  typeof value === 'string' &&
  value.length >= 1 &&
  value.length <= 256 &&
  !/\p{Cc}/u.test(value) &&
  value.isWellFormed();

const MOST_PAGES = 100;

/** The query string of GET /analytics/funnel. */
export class FunnelQuery extends PeriodQuery {
  @ApiProperty({
    type: String,
    example: 'page_view,transfer_initiated,transfer_completed',
    description: `${FEWEST_STEPS} to ${MOST_STEPS} event types in the order of the steps. One may stand several times.`,
  })
  @check(
    'steps',
    'malformed_steps',
    (value) => typeof value === 'string' && areSteps(value.split(',')),
    `must be ${FEWEST_STEPS} to ${MOST_STEPS} event types with commas between them`,
  )
  steps!: string;

  @ApiPropertyOptional({
    default: '7d',
    example: '30m',
    description:
      'From the first step to any later one, at most: `1m` to `90d`, of minutes, hours or days of 24 hours.',
  })
  @check(
    'window',
    'malformed_window',
    (value) => typeof value === 'string' && windowOf(value) !== undefined,
    'must be minutes, hours or days, such as 30m, 12h or 7d: 1m to 90d',
  )
  window: string = '7d';
}

function areSteps(steps: readonly string[]): boolean {
  return steps.length >= FEWEST_STEPS && steps.length <= MOST_STEPS && steps.every(isEventType);
}

/** The query string of GET /analytics/retention. */
export class RetentionQuery extends PeriodQuery {
  @ApiPropertyOptional({ enum: COHORT_UNITS, default: 'day', description: 'A week is Monday to Sunday.' })
  @check('cohort', 'malformed_cohort', isOneOf(COHORT_UNITS), `must be one of ${COHORT_UNITS.join(', ')}`)
  cohort: CohortUnit = 'day';

  @ApiPropertyOptional({
    description: 'The event whose first one puts a visitor into a cohort; any, unless given.',
  })
  @MayBeAbsent()
  @check('startEvent', 'malformed_start_event', isEventType, 'must be an event type')
  startEvent?: string;

  @ApiPropertyOptional({ description: 'The event that is a return; any, unless given.' })
  @MayBeAbsent()
  @check('returnEvent', 'malformed_return_event', isEventType, 'must be an event type')
  returnEvent?: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: MOST_RETURNS, default: 7 })
  @Transform(wholeOf)
  @check(
    'periods',
    'malformed_periods',
    isWhole(MOST_RETURNS),
    `must be a whole number from 1 to ${MOST_RETURNS}`,
  )
  periods: number = 7;
}

const DEVICE = {
  description: 'desktop, mobile, tablet, tv, bot, other: of the first event.',
  maxLength: 256,
};

/** The query string of GET /analytics/sessions. */
export class SessionsQuery extends PeriodQuery {
  @ApiPropertyOptional(DEVICE)
  @MayBeAbsent()
  @check('device', 'malformed_device', isShortText, 'must be text of 1 to 256 characters')
  device?: string;

  @ApiPropertyOptional({ example: 'BR' })
  @MayBeAbsent()
  @check('country', 'malformed_country', isCountry, 'must be two capital letters')
  country?: string;

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: MOST_PAGES,
    default: 10,
    description: 'Entry pages.',
  })
  @Transform(wholeOf)
  @check('limit', 'malformed_limit', isWhole(MOST_PAGES), `must be a whole number from 1 to ${MOST_PAGES}`)
  limit: number = 10;
}

/** The query string of GET /analytics/sessions/list. */
export class SessionListQuery extends PagedPeriodQuery {
  @ApiPropertyOptional({ maxLength: 256, description: 'As the events name the user.' })
  @MayBeAbsent()
  @check('userId', 'malformed_user_id', isShortText, 'must be text of 1 to 256 characters')
  userId?: string;

  @ApiPropertyOptional(DEVICE)
  @MayBeAbsent()
  @check('device', 'malformed_device', isShortText, 'must be text of 1 to 256 characters')
  device?: string;

  @ApiPropertyOptional({ example: 'BR' })
  @MayBeAbsent()
  @check('country', 'malformed_country', isCountry, 'must be two capital letters')
  country?: string;
}

function isCountry(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Z]{2}$/.test(value);
}

/** The query string of GET /analytics/users/:userId/activity. */
export class ActivityQuery extends PagedPeriodQuery {
  @ApiPropertyOptional({ example: 'page_view' })
  @MayBeAbsent()
  @check('eventType', 'malformed_event_type', isEventType, 'must be an event type')
  eventType?: string;
}

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The query string of GET /analytics/export. */
export class ExportQuery extends PeriodQuery {
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'csv' })
  @check('format', 'malformed_format', isOneOf(EXPORT_FORMATS), `must be one of ${EXPORT_FORMATS.join(', ')}`)
  format: ExportFormat = 'csv';

  @ApiPropertyOptional({ example: 'page_view', description: 'All, unless given.' })
  @MayBeAbsent()
  @check('eventType', 'malformed_event_type', isEventType, 'must be an event type')
  eventType?: string;

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description:
      'With ids of users, devices and sessions and with addresses: for people with `tenant:write`.',
  })
  @check('identities', 'malformed_identities', isOneOf(['true', 'false']), 'must be true or false')
  identities: string = 'false';
}
