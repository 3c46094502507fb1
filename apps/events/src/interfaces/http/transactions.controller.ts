import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { pageOf } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { ListTransactions } from '../../application/reading/list-transactions';
import { eventCursorOf, eventPlaceOf, timesOf, TransactionsQuery } from './reading.query';
import { TransactionPageResponse, TransactionResponse } from './transaction.response';

@ApiTags('events')
@Controller('transactions')
export class TransactionsController {
  constructor(private readonly listTransactions: ListTransactions) {}

  @Get()
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The transactions that events told of, newest first',
    description: 'Of transfer_completed and payment_completed. They are what clients said, not the ledger.',
  })
  @ApiOkResponse({ type: TransactionPageResponse })
  @ApiResponse({ status: 422, description: 'invalid_range' })
  async list(
    @Query() query: TransactionsQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<TransactionPageResponse> {
    const { userId, type, categoryId, limit, cursor } = query;
    const transactions = await this.listTransactions.execute(tenantId, {
      filter: { userId, type, categoryId, ...timesOf(query) },
      after: eventPlaceOf(cursor),
      limit,
    });
    const { items, nextCursor } = pageOf(transactions, limit, eventCursorOf);
    return { items: items.map((transaction) => TransactionResponse.of(transaction)), nextCursor };
  }
}
