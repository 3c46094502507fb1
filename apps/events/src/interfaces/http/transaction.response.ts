import { ApiProperty } from '@nestjs/swagger';
import { TransactionView } from '../../application/reading/transaction.reader';

export class TransactionResponse {
  @ApiProperty({ format: 'uuid', description: 'The event that told of it.' }) eventId!: string;
  @ApiProperty({ format: 'date-time', description: "The event's, by the client's clock." })
  timestamp!: string;
  @ApiProperty({ type: String, nullable: true }) userId!: string | null;
  @ApiProperty({ enum: ['expense', 'income'] }) type!: 'expense' | 'income';
  @ApiProperty({ example: '150.50', description: 'Positive; `type` tells the direction.' }) amount!: string;
  @ApiProperty({ example: 'BRL' }) currency!: string;
  @ApiProperty({ example: 'Transferência PIX' }) description!: string;
  @ApiProperty({ example: 'transfers' }) categoryId!: string;
  @ApiProperty({ format: 'date-time' }) occurredAt!: string;

  static of(view: TransactionView): TransactionResponse {
    return {
      ...view,
      timestamp: view.timestamp.toISOString(),
      occurredAt: view.occurredAt.toISOString(),
    };
  }
}

export class TransactionPageResponse {
  @ApiProperty({ type: [TransactionResponse] }) items!: TransactionResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}
