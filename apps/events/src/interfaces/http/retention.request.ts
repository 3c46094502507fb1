import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { MAX_RETENTION_MONTHS } from '../../domain/retention-policy';

export class ChangeRetentionRequest {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_RETENTION_MONTHS, example: 13 })
  @IsInt()
  @Min(1)
  @Max(MAX_RETENTION_MONTHS)
  months!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: MAX_RETENTION_MONTHS,
    example: 60,
    description:
      'Of transfer_completed and payment_completed, and of what is made of them; not fewer than `months`.',
  })
  @IsInt()
  @Min(1)
  @Max(MAX_RETENTION_MONTHS)
  criticalMonths!: number;
}
