import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MAX_BATCH } from '../../application/accept-release-batch';

/** The body of POST /releases, for the document: readReleaseInput reads it. */
export class PostReleaseRequest {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Venda no balcão', description: 'Trimmed.' })
  description!: string;

  @ApiProperty({
    example: '-12.34',
    pattern: '^-?(0|[1-9]\\d{0,13})\\.\\d{2}$',
    description:
      'A decimal string with two places, within ±10,000,000,000,000.00: positive is a credit, negative a debit. Zero is 422 `zero_amount`, a JSON number 422 `amount_not_a_string`.',
  })
  amount!: string;

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2026-11-22T09:00:00-03:00',
    description:
      'RFC 3339 with an offset, kept to the millisecond. The moment of acceptance by default. Not before 1900 and not further ahead than the service is set to allow (366 days).',
  })
  occurredAt?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { caixa: '2' },
    description: 'Any JSON object of at most 4 KiB.',
  })
  metadata?: Record<string, unknown>;
}

export class PostReleaseBatchRequest {
  @ApiProperty({ type: [PostReleaseRequest], minItems: 1, maxItems: MAX_BATCH })
  releases!: PostReleaseRequest[];
}
