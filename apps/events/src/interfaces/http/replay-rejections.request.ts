import { ApiPropertyOptional } from '@nestjs/swagger';
import { check, MayBeAbsent } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { MAX_REPLAYED, ReplaySelection } from '../../application/rejections/replay-rejections';
import { AmbiguousReplay } from '../../domain/rejection.errors';
import { IsSnakeName, rejectionPlaceOf } from './list-rejections.query';
import { IsBound } from './time-bound';

/** The body of POST /events/rejected/replay. */
export class ReplayRejectionsRequest {
  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    maxItems: MAX_REPLAYED,
    description: 'These, whether they were accepted before or not.',
  })
  @MayBeAbsent()
  @check(
    'ids',
    'malformed_ids',
    (value) =>
      Array.isArray(value) && value.length >= 1 && value.length <= MAX_REPLAYED && value.every(isUuid),
    `must be a list of 1 to ${MAX_REPLAYED} UUIDs`,
  )
  ids?: string[];

  @ApiPropertyOptional({
    example: 'unknown_event_type',
    description: 'Without ids: what was rejected for this and not accepted since.',
  })
  @MayBeAbsent()
  @IsSnakeName('code')
  code?: string;

  @IsBound('from', 'Without ids: received at this instant or later.')
  from?: string;

  @IsBound('to', 'Without ids: received at this instant or earlier.')
  to?: string;

  @ApiPropertyOptional({ description: '`nextCursor` of the replay before, with the same code, from and to.' })
  @MayBeAbsent()
  @check(
    'cursor',
    'malformed_cursor',
    (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{1,512}$/.test(value),
    'must be one that a replay of ours returned',
  )
  cursor?: string;
}

/** @throws AmbiguousReplay, MalformedInput `malformed_cursor` */
export function selectionOf({ ids, code, from, to, cursor }: ReplayRejectionsRequest): ReplaySelection {
  if (ids === undefined)
    return {
      code,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      after: rejectionPlaceOf(cursor),
    };
  if ([code, from, to, cursor].some((each) => each !== undefined)) throw new AmbiguousReplay();
  return { ids };
}
