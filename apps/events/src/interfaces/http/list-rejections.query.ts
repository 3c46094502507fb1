import { ApiPropertyOptional } from '@nestjs/swagger';
import { check, isInstant, MayBeAbsent, PageQuery, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { RejectionFilter, RejectionPlace } from '../../application/rejections/rejection-reader';
import { IsBound } from './time-bound';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** A code or a type of events. */
export function IsSnakeName(name: string): PropertyDecorator {
  return check(
    name,
    `malformed_${name}`,
    (value) => typeof value === 'string' && NAME.test(value),
    'must be snake_case, at most 64 characters',
  );
}

/** The query string of GET /events/rejected. */
export class ListRejectionsQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'unknown_event_type', description: 'Why they were rejected.' })
  @MayBeAbsent()
  @IsSnakeName('code')
  code?: string;

  @ApiPropertyOptional({ example: 'transfer_completed' })
  @MayBeAbsent()
  @IsSnakeName('event_type')
  eventType?: string;

  @IsBound('from', 'Received at this instant or later.')
  from?: string;

  @IsBound('to', 'Received at this instant or earlier.')
  to?: string;

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description: 'Only those that were accepted since, or only those that were not.',
  })
  @MayBeAbsent()
  @check(
    'replayed',
    'malformed_replayed',
    (value) => value === 'true' || value === 'false',
    'must be true or false',
  )
  replayed?: 'true' | 'false';
}

export function rejectionFilterOf({
  code,
  eventType,
  from,
  to,
  replayed,
}: ListRejectionsQuery): RejectionFilter {
  return {
    code,
    eventType,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    replayed: replayed === undefined ? undefined : replayed === 'true',
  };
}

export function rejectionCursorOf({ receivedAt, rejectionId }: RejectionPlace): string {
  return writeCursor([receivedAt.toISOString(), rejectionId]);
}

/** @throws MalformedInput `malformed_cursor` */
export function rejectionPlaceOf(cursor: string | undefined): RejectionPlace | undefined {
  if (cursor === undefined) return undefined;
  const [receivedAt, rejectionId] = readCursor(cursor, [isInstant, isUuid]);
  return { receivedAt: new Date(receivedAt), rejectionId };
}
