import { ApiProperty } from '@nestjs/swagger';
import { RetentionPolicy } from '../../domain/retention-policy';

export class RetentionResponse {
  @ApiProperty({ type: 'integer', description: 'Whole calendar months (UTC) before the current one.' })
  months!: number;
  @ApiProperty({ type: 'integer' }) criticalMonths!: number;
  @ApiProperty({ format: 'date-time', description: 'Events of before this are `too_old`.' }) oldest!: string;
  @ApiProperty({ format: 'date-time' }) oldestCritical!: string;

  static of(policy: RetentionPolicy, now: Date): RetentionResponse {
    return {
      months: policy.months,
      criticalMonths: policy.criticalMonths,
      oldest: policy.oldest(false, now).toISOString(),
      oldestCritical: policy.oldest(true, now).toISOString(),
    };
  }
}
