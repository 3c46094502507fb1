import { MayBeAbsent, PageQuery, check, isDay, isInstant } from '@libs/http';
import { isUuid, ReleaseId } from '@libs/kernel';
import { readCursor, writeCursor } from '@libs/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ListFilter, ListPosition, RangeEnd } from '../../application/release-reader';

const isDayOrInstant = (value: unknown) => isDay(value) || isInstant(value);
const DAY_OR_INSTANT = 'must be a day (YYYY-MM-DD) or an RFC 3339 time with an offset';

/** The query string of GET /releases. */
export class ListReleasesQuery extends PageQuery {
  @ApiPropertyOptional({
    example: '2026-11-01',
    description:
      'The first day, as the tenant lived it (the business date), or the first instant; itself included.',
  })
  @MayBeAbsent()
  @check('from', 'malformed_from', isDayOrInstant, DAY_OR_INSTANT)
  from?: string;

  @ApiPropertyOptional({ example: '2026-11-30', description: 'The last day or instant, itself included.' })
  @MayBeAbsent()
  @check('to', 'malformed_to', isDayOrInstant, DAY_OR_INSTANT)
  to?: string;

  @ApiPropertyOptional({ enum: ['credit', 'debit'] })
  @MayBeAbsent()
  @check(
    'kind',
    'malformed_kind',
    (value) => value === 'credit' || value === 'debit',
    'must be credit or debit',
  )
  kind?: 'credit' | 'debit';

  @ApiPropertyOptional({ maxLength: 200, description: 'A part of the description, in any case.' })
  @MayBeAbsent()
  @check(
    'q',
    'malformed_q',
    (value) => typeof value === 'string' && value.length > 0 && value.length <= 200,
    'must be text of 1 to 200 characters',
  )
  q?: string;
}

export function filterOf({ from, to, kind, q }: ListReleasesQuery): ListFilter {
  return {
    from: from === undefined ? undefined : rangeEnd(from),
    to: to === undefined ? undefined : rangeEnd(to),
    kind,
    text: q,
  };
}

export function cursorOf({ occurredAt, id }: ListPosition): string {
  return writeCursor([occurredAt.toISOString(), id]);
}

/** @throws MalformedInput `malformed_cursor` */
export function positionOf(cursor: string | undefined): ListPosition | undefined {
  if (cursor === undefined) return undefined;
  const [occurredAt, id] = readCursor(cursor, [isInstant, isUuid]);
  return { occurredAt: new Date(occurredAt), id: id as ReleaseId };
}

function rangeEnd(text: string): RangeEnd {
  return isDay(text) ? { day: text } : { instant: new Date(text) };
}
