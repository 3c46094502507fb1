import { ApiProperty } from '@nestjs/swagger';
import { InsightView } from '../../application/reading/insight.reader';

export class InsightResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() userId!: string;
  @ApiProperty({ enum: ['spending_pattern'] }) insightType!: string;
  @ApiProperty({ example: 'food' }) categoryId!: string;
  @ApiProperty({ example: 'BRL' }) currency!: string;
  @ApiProperty({ format: 'date', description: 'Its Monday, in Brazil.' }) week!: string;
  @ApiProperty({ example: 'Gastos elevados em alimentação' }) title!: string;
  @ApiProperty({ description: 'In Portuguese, with the numbers.' }) description!: string;
  @ApiProperty({
    minimum: 0,
    maximum: 100,
    example: 85,
    description: 'Grows with how far the week lies from what is usual, and with how many weeks say so.',
  })
  confidence!: number;
  @ApiProperty({ example: '900.00', description: 'Spent in that week.' }) amount!: string;
  @ApiProperty({ example: '302.50', description: 'The median of the weeks before it.' }) usualAmount!: string;
  @ApiProperty({ example: 8, description: 'How many weeks say what is usual, at most 26.' })
  weeksKnown!: number;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time' }) updatedAt!: string;

  static of(view: InsightView): InsightResponse {
    return { ...view, createdAt: view.createdAt.toISOString(), updatedAt: view.updatedAt.toISOString() };
  }
}

export class InsightPageResponse {
  @ApiProperty({ type: [InsightResponse] }) items!: InsightResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}
