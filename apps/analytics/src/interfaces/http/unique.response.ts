import { ApiProperty } from '@nestjs/swagger';
import { STATED_ERROR, UniqueSketch } from '../../domain/unique-sketch';

/** How many different ones there are, and how well that is known. */
export class UniqueResponse {
  @ApiProperty({ type: 'integer', example: 1204 }) count!: number;

  @ApiProperty({ enum: ['exact', 'estimated'], description: 'Exact up to 4,096.' })
  method!: 'exact' | 'estimated';

  @ApiProperty({
    enum: [0, STATED_ERROR],
    description: 'By what part of it `count` may be off: at most, in 99 of 100 cases.',
  })
  error!: number;
}

/** As it goes out. */
export function uniqueOf({ count, exact }: Pick<UniqueSketch, 'count' | 'exact'>): UniqueResponse {
  return exact ? { count, method: 'exact', error: 0 } : { count, method: 'estimated', error: STATED_ERROR };
}
