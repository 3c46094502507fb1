import { ApiProperty } from '@nestjs/swagger';
import { ERASURE_STATES, ErasureState } from './erasure';
import { ErasureView } from './erasure.repository';

/** The 202 of a DELETE of a person. */
export class ErasureRequestedResponse {
  @ApiProperty({ format: 'uuid', description: 'Of `GET …/erasures/:id`, which `Location` names.' })
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
