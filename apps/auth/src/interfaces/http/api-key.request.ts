import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { check, IsInstant, IsText, MayBeAbsent, PageQuery } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { MOST_OVERLAP_SECONDS, MOST_REQUESTS_PER_MINUTE } from '../../domain/api-key';
import { KEY_SCOPES } from '../../domain/key-scopes';

function IsWholeNumber(min: number, max: number): PropertyDecorator {
  return check(
    'wholeNumber',
    'malformed_number',
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `must be a whole number from ${min} to ${max}`,
  );
}

function IsId(): PropertyDecorator {
  return check('id', 'malformed_id', isUuid, 'must be a UUID in lower case');
}

export class CreateApiKeyRequest {
  @IsText({ max: 120, example: 'Integração da loja', description: 'For people to recognise it by.' })
  name!: string;

  @ApiPropertyOptional({ format: 'uuid', description: "By default the tenant's default application." })
  @MayBeAbsent()
  @IsId()
  appId?: string;

  @ApiProperty({
    isArray: true,
    enum: KEY_SCOPES,
    minItems: 1,
    example: ['releases:read', 'releases:write'],
    description:
      'Nothing that the caller does not have; for the scopes of `/pix/v2`, `pix:read` and `pix:write`.',
  })
  @check(
    'scopes',
    'malformed_scopes',
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= KEY_SCOPES.length &&
      value.every((each) => typeof each === 'string'),
    'must be a list of scopes',
  )
  scopes!: string[];

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: MOST_REQUESTS_PER_MINUTE,
    description: 'A stricter plan for event ingestion than 6,000 requests in any 60 s.',
  })
  @MayBeAbsent()
  @IsWholeNumber(1, MOST_REQUESTS_PER_MINUTE)
  requestsPerMinute?: number;

  @MayBeAbsent()
  @IsInstant({ required: false, example: '2027-11-22T12:00:00.000Z', description: 'Absent: it has no end.' })
  expiresAt?: string;
}

export class RegenerateApiKeyRequest {
  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: MOST_OVERLAP_SECONDS,
    default: 0,
    description: 'How long the old text stays good beside the new one; 0: it is refused within 1 s.',
  })
  @MayBeAbsent()
  @IsWholeNumber(0, MOST_OVERLAP_SECONDS)
  overlapSeconds?: number;

  @MayBeAbsent()
  @IsInstant({
    required: false,
    description: 'Of the new key; by default it ends when the old one would have.',
  })
  expiresAt?: string;
}

/** The query string of GET /keys. */
export class ListApiKeysQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only the keys of this application.' })
  @MayBeAbsent()
  @IsId()
  appId?: string;
}
