import { applyDecorators } from '@nestjs/common';
import { ApiHideProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { check, isDay, isInstant, MayBeAbsent, PageQuery, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { Place } from '../../application/reading/reading';
import { EventPlace, PropertyFilter } from '../../application/reading/user-event.reader';
import { CRITICAL_TYPES } from '../../domain/event-types';
import { NOTIFICATION_TYPES } from '../../domain/notification';
import { IsBound } from './time-bound';

const isOneOf = (all: readonly string[]) => (value: unknown) =>
  typeof value === 'string' && all.includes(value);
const isInstantHere = (text: string): boolean => isInstant(text);

function IsUserId(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, maxLength: 256, description: 'As the events name the user.' }),
    MayBeAbsent(),
    check(
      'userId',
      'malformed_user_id',
      (value) => typeof value === 'string' && value.length >= 1 && value.length <= 256,
      'must be text of 1 to 256 characters',
    ),
  );
}

/** What the lists of what the sinks made have in common. */
class TimedQuery extends PageQuery {
  @IsBound('from', 'Of `occurredAt`; itself included.')
  from?: string;

  @IsBound('to', 'Of `occurredAt`; itself included.')
  to?: string;
}

/** The query string of GET /events/users/:userId. */
export class UserEventsQuery extends TimedQuery {
  @ApiPropertyOptional({ enum: CRITICAL_TYPES })
  @MayBeAbsent()
  // The others are counted by analytics: an empty list would say that there are none.
  @check(
    'type',
    'malformed_type',
    isOneOf(CRITICAL_TYPES),
    `must be one of ${CRITICAL_TYPES.join(', ')}: other types are not kept one by one`,
  )
  type?: string;
}

const MOST_PROPERTIES = 3;

/** The query string of GET /events: `?properties.<name>=<value>` comes gathered. */
export class EventsQuery extends UserEventsQuery {
  @IsUserId()
  userId?: string;

  @ApiHideProperty()
  @MayBeAbsent()
  @check(
    'properties',
    'malformed_properties',
    (value) => Array.isArray(value) && value.length <= MOST_PROPERTIES && value.every(isPropertyFilter),
    `.<name>=<value>: at most ${MOST_PROPERTIES} names of 1 to 64 characters, each once, values of at most 256, no control characters`,
  )
  properties?: PropertyFilter[];
}

function isPropertyFilter({ name, value }: { name?: unknown; value?: unknown }): boolean {
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

/** The query string of GET /transactions. */
export class TransactionsQuery extends TimedQuery {
  @IsUserId()
  userId?: string;

  @ApiPropertyOptional({ enum: ['expense', 'income'] })
  @MayBeAbsent()
  @check('type', 'malformed_type', isOneOf(['expense', 'income']), 'must be expense or income')
  type?: string;

  @ApiPropertyOptional({ maxLength: 256 })
  @MayBeAbsent()
  @check(
    'categoryId',
    'malformed_category_id',
    (value) => typeof value === 'string' && value.length >= 1 && value.length <= 256 && !value.includes('\0'),
    'must be text of 1 to 256 characters',
  )
  categoryId?: string;
}

/** The query string of GET /notifications. */
export class NotificationsQuery extends TimedQuery {
  @IsUserId()
  userId?: string;

  @ApiPropertyOptional({ enum: NOTIFICATION_TYPES })
  @MayBeAbsent()
  @check(
    'type',
    'malformed_type',
    isOneOf(NOTIFICATION_TYPES),
    `must be one of ${NOTIFICATION_TYPES.join(', ')}`,
  )
  type?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @MayBeAbsent()
  @check('read', 'malformed_read', isOneOf(['true', 'false']), 'must be true or false')
  read?: string;
}

/** The query string of GET /insights. */
export class InsightsQuery extends PageQuery {
  @IsUserId()
  userId?: string;

  @ApiPropertyOptional({ enum: ['spending_pattern'] })
  @MayBeAbsent()
  @check('type', 'malformed_type', isOneOf(['spending_pattern']), 'must be spending_pattern')
  type?: string;

  @ApiPropertyOptional({ format: 'date', description: "The week's Monday is not earlier." })
  @MayBeAbsent()
  @check('from', 'malformed_from', isDay, 'must be a calendar day written YYYY-MM-DD')
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: "The week's Monday is not later." })
  @MayBeAbsent()
  @check('to', 'malformed_to', isDay, 'must be a calendar day written YYYY-MM-DD')
  to?: string;

  @ApiPropertyOptional({ type: String, pattern: '^(\\d{1,2}|100)$', description: '0 to 100.' })
  @MayBeAbsent()
  @check(
    'minConfidence',
    'malformed_min_confidence',
    (value) => typeof value === 'string' && /^(\d{1,2}|100)$/.test(value),
    'must be a whole number from 0 to 100',
  )
  minConfidence?: string;
}

export function timesOf({ from, to }: { from?: string; to?: string }): { from?: Date; to?: Date } {
  return { from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined };
}

export function eventCursorOf(last: { occurredAt: Date; eventId: string; timestamp: Date }): string {
  return writeCursor([last.occurredAt.toISOString(), last.eventId, last.timestamp.toISOString()]);
}

/** @throws MalformedInput `malformed_cursor` */
export function eventPlaceOf(cursor: string | undefined): EventPlace | undefined {
  if (cursor === undefined) return undefined;
  const [occurredAt, id, timestamp] = readCursor(cursor, [isInstantHere, isUuid, isInstantHere]);
  return { occurredAt: new Date(occurredAt), id, timestamp: new Date(timestamp) };
}

export function cursorOf({ occurredAt, id }: Place): string {
  return writeCursor([occurredAt.toISOString(), id]);
}

/** @throws MalformedInput `malformed_cursor` */
export function placeOf(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [occurredAt, id] = readCursor(cursor, [isInstantHere, isUuid]);
  return { occurredAt: new Date(occurredAt), id };
}
