import { ApiProperty } from '@nestjs/swagger';
import { UniqueCount } from '../../domain/unique-count';
import { EXACT_UP_TO, STATED_ERROR } from '../../domain/unique-sketch';

export class UniqueResponse implements UniqueCount {
  @ApiProperty({ type: 'integer', example: 1204 }) count!: number;

  @ApiProperty({ enum: ['exact', 'estimated'], description: `Exact up to ${EXACT_UP_TO}.` })
  method!: 'exact' | 'estimated';

  @ApiProperty({
    type: Number,
    enum: [0, STATED_ERROR],
    description: 'By what part of it `count` may be off: at most, in 99 of 100 cases.',
  })
  error!: number;
}
