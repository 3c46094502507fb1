import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { InvalidRejectionRange } from '../../domain/rejection.errors';
import { RejectionFilter, RejectionPlace, RejectionReader, RejectionView } from './rejection-reader';

/** Lists the rejected events of a tenant, newest first; one more than `limit`, where there is one. */
@Injectable()
export class ListRejections {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: RejectionReader,
  ) {}

  /** @throws InvalidRejectionRange when `from` is later than `to` */
  execute(
    tenantId: TenantId,
    filter: RejectionFilter,
    after: RejectionPlace | undefined,
    limit: number,
  ): Promise<RejectionView[]> {
    if (filter.from && filter.to && filter.from > filter.to) throw new InvalidRejectionRange();
    return this.transaction.run(() => this.reader.list(tenantId, filter, after, limit + 1));
  }
}
