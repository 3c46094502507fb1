import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { check, isInstant, MayBeAbsent } from '@libs/http';

/** `from` or `to` of a list: an instant (RFC 3339 with an offset). `description` says of what. */
export function IsBound(name: 'from' | 'to', description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: String,
      format: 'date-time',
      example: '2026-11-22T12:00:00.000Z',
      description,
    }),
    MayBeAbsent(),
    check(name, `malformed_${name}`, isInstant, 'must be an RFC 3339 time with an offset'),
  );
}
