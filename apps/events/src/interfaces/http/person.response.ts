import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { check } from '@libs/http';
import { ErasureView } from '../../application/people/erasure.repository';
import { ERASURE_STATES, ErasureState } from '../../domain/erasure';
import { EXPORT_FORMATS, ExportFormat } from './person-file';

/** The query string of GET /events/users/:userId/export. */
export class ExportPersonQuery {
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'json' })
  @check(
    'format',
    'malformed_format',
    (value) => typeof value === 'string' && EXPORT_FORMATS.some((format) => format === value),
    `must be one of ${EXPORT_FORMATS.join(', ')}`,
  )
  format: ExportFormat = 'json';
}

/** The 202 of DELETE /events/users/:userId. */
export class ErasureRequestedResponse {
  @ApiProperty({ format: 'uuid', description: 'Of `GET /events/erasures/:id`, which `Location` names.' })
  erasureId!: string;
}

/** How far an erasure is; it does not say whose. */
export class ErasureResponse {
  @ApiProperty({ format: 'uuid' }) erasureId!: string;
  @ApiProperty({ enum: ERASURE_STATES }) status!: ErasureState;
  @ApiProperty({ format: 'date-time' }) requestedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'What happened until then goes.' }) erasedAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) completedAt!: string | null;
  @ApiProperty({
    type: Object,
    additionalProperties: { type: 'integer' },
    example: { userEvents: 42, transactions: 42, notifications: 3, insights: 1 },
    description: 'How many rows have gone so far.',
  })
  erased!: Readonly<Record<string, number>>;

  static of(view: ErasureView): ErasureResponse {
    return {
      ...view,
      requestedAt: view.requestedAt.toISOString(),
      erasedAt: view.erasedAt.toISOString(),
      completedAt: view.completedAt?.toISOString() ?? null,
    };
  }
}
