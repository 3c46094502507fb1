import { ApiProperty } from '@nestjs/swagger';
import { COHORT_UNITS } from '../../domain/cohorts';
import { ReportResponse } from './report.response';

const OF_FIRST = { type: Number, nullable: true, example: 0.42 } as const;
const SECONDS = { type: Number, nullable: true, example: 73.5 } as const;

export class FunnelStepResponse {
  @ApiProperty({ example: 'transfer_completed' }) eventType!: string;
  @ApiProperty({ type: 'integer', description: 'Who got here: counted, not estimated.' }) visitors!: number;
  @ApiProperty({ ...OF_FIRST, description: 'Of those who took the first step; null where nobody did.' })
  ofFirst!: number | null;
  @ApiProperty({ ...OF_FIRST, description: 'Of those who took the step before.' })
  ofPrevious!: number | null;
  @ApiProperty({
    ...SECONDS,
    description:
      'From the first step to here, the first time that each visitor got here: half of them took less.',
  })
  medianSeconds!: number | null;
}

export class FunnelResponse extends ReportResponse {
  @ApiProperty({ type: 'integer' }) windowSeconds!: number;
  @ApiProperty({ type: [FunnelStepResponse] }) steps!: FunnelStepResponse[];
}

export class CohortCellResponse {
  @ApiProperty({ type: 'integer', description: "Days or weeks after the cohort's own." }) period!: number;
  @ApiProperty({ type: 'integer' }) visitors!: number;
  @ApiProperty({ ...OF_FIRST, description: 'Of the cohort; null of an empty one.' }) share!: number | null;
  @ApiProperty({ description: 'False while that day or week is not over.' }) complete!: boolean;
}

export class CohortResponse {
  @ApiProperty({ format: 'date', description: 'Its first local day.' }) day!: string;
  @ApiProperty({ format: 'date-time' }) start!: string;
  @ApiProperty({ format: 'date-time' }) end!: string;
  @ApiProperty({ type: 'integer', description: 'Counted, not estimated.' }) visitors!: number;
  @ApiProperty({ type: [CohortCellResponse], description: 'As far as time has come.' })
  returned!: CohortCellResponse[];
}

export class RetentionResponse extends ReportResponse {
  @ApiProperty({ enum: COHORT_UNITS }) cohort!: string;
  @ApiProperty({ type: [CohortResponse] }) cohorts!: CohortResponse[];
}

export class SessionDurationResponse {
  @ApiProperty({ ...SECONDS, description: 'From the first event to the last.' }) meanSeconds!: number | null;
  @ApiProperty({ ...SECONDS }) medianSeconds!: number | null;
}

export class EntryPageResponse {
  @ApiProperty({ example: 'app.moneyflow.com/transfer' }) url!: string;
  @ApiProperty({ type: 'integer' }) sessions!: number;
  @ApiProperty({ ...OF_FIRST }) share!: number | null;
  @ApiProperty({ ...OF_FIRST }) bounceRate!: number | null;
  @ApiProperty({ ...SECONDS }) meanSeconds!: number | null;
}

export class SessionsResponse extends ReportResponse {
  @ApiProperty({ type: 'integer', description: 'That began in the period: counted, not estimated.' })
  sessions!: number;
  @ApiProperty({ type: 'integer', description: 'Sessions of exactly one page view.' }) bounces!: number;
  @ApiProperty({ ...OF_FIRST, description: 'Of the sessions that viewed a page; null where none did.' })
  bounceRate!: number | null;
  @ApiProperty({ type: 'integer' }) pageViews!: number;
  @ApiProperty({ type: Number, nullable: true, example: 3.41 }) pagesPerSession!: number | null;
  @ApiProperty({ type: SessionDurationResponse }) duration!: SessionDurationResponse;
  @ApiProperty({ type: [EntryPageResponse], description: 'The most frequent first.' })
  entryPages!: EntryPageResponse[];
  @ApiProperty({ type: 'integer', description: 'Sessions that entered by another page, or by none.' })
  remainder!: number;
}
