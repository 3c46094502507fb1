import { ApiProperty } from '@nestjs/swagger';

const AMOUNT = { type: 'string', pattern: '^-?\\d+\\.\\d{2}$', example: '1250.00' } as const;
const DAY = { type: 'string', format: 'date', example: '2026-11-22' } as const;
const INSTANT = { type: 'string', format: 'date-time', example: '2026-11-22T14:03:07.512Z' } as const;
const TIME_ZONE = { type: 'string', example: 'America/Sao_Paulo' } as const;

/** Describes a day to OpenAPI; the bytes themselves are written by the application layer, once, and then cached. */
export class DayFigures {
  @ApiProperty(DAY) date!: string;
  @ApiProperty({ ...AMOUNT, description: 'What the day opened with.' }) openingBalance!: string;
  @ApiProperty({ ...AMOUNT, description: 'The sum of credits, ≥ 0.' }) credits!: string;
  @ApiProperty({ ...AMOUNT, description: 'The sum of debits, ≥ 0.' }) debits!: string;
  @ApiProperty({ ...AMOUNT, description: 'credits − debits of the day.' }) balance!: string;
  @ApiProperty({ ...AMOUNT, description: 'openingBalance + balance.' }) closingBalance!: string;
  @ApiProperty({ type: 'integer', description: 'How many releases.', example: 42 }) count!: number;
}

export class ConsolidatedDayResponse extends DayFigures {
  @ApiProperty({ ...TIME_ZONE, description: 'Of the company: it decides what "today" is.' })
  timeZone!: string;
  @ApiProperty({
    ...INSTANT,
    description: 'When it was computed; every later posting would have replaced it.',
  })
  asOf!: string;
}

export class ConsolidatedRangeResponse {
  @ApiProperty(DAY) from!: string;
  @ApiProperty(DAY) to!: string;
  @ApiProperty(TIME_ZONE) timeZone!: string;
  @ApiProperty(INSTANT) asOf!: string;
  @ApiProperty({ type: [DayFigures], description: 'Every day of the range, in order, empty ones too.' })
  items!: DayFigures[];
}

export class BalanceResponse {
  @ApiProperty({ ...INSTANT, description: 'The instant that was asked for.' }) at!: string;
  @ApiProperty({ ...AMOUNT, description: 'The sum of all releases that occurred at or before it.' })
  balance!: string;
  @ApiProperty(TIME_ZONE) timeZone!: string;
  @ApiProperty(INSTANT) asOf!: string;
}
