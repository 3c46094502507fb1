import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { check } from '@libs/http';
import { MAX_RETENTION_MONTHS } from '../../domain/retention-policy';

function IsMonths(name: string, example: number, description?: string): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_RETENTION_MONTHS, example, description }),
    check(
      name,
      undefined,
      (value) =>
        Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_RETENTION_MONTHS,
      `must be a whole number from 1 to ${MAX_RETENTION_MONTHS}`,
    ),
  );
}

export class ChangeRetentionRequest {
  @IsMonths('months', 13)
  months!: number;

  @IsMonths(
    'criticalMonths',
    60,
    'Of transfer_completed and payment_completed, and of what is made of them; not fewer than `months`.',
  )
  criticalMonths!: number;
}
