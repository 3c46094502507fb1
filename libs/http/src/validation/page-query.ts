import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { check, MayBeAbsent } from './decorators';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

/** `?limit=50&cursor=…`, to extend with a list's own filters. */
export class PageQuery {
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE })
  @Transform(({ value }: { value: unknown }) => numberOf(value))
  @check(
    'pageLimit',
    'malformed_limit',
    (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_PAGE,
    `must be a whole number from 1 to ${MAX_PAGE}`,
  )
  limit: number = DEFAULT_PAGE;

  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @MayBeAbsent()
  @check(
    'cursor',
    'malformed_cursor',
    (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{1,512}$/.test(value),
    'must be one that a list of ours returned',
  )
  cursor?: string;
}

/** One page of a list that stays stable while rows are added. */
export interface Page<T> {
  items: T[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/**
 * Cuts a page out of `limit + 1` rows read.
 * @param cursorOf writes the place of the last row shown
 */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorOf: (last: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;
}
