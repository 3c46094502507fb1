import { Injectable } from '@nestjs/common';
import { isUuid, TenantId, TenantTransaction } from '@libs/kernel';
import { KeptRejection } from '../../domain/kept-rejection';
import { RejectionNotFound } from '../../domain/rejection.errors';
import { RejectionReader, RejectionView } from './rejection-reader';

/** One rejected event, whole. */
@Injectable()
export class GetRejection {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: RejectionReader,
  ) {}

  /** @throws RejectionNotFound, also for another tenant's */
  async execute(tenantId: TenantId, rejectionId: string): Promise<KeptRejection & RejectionView> {
    const found = isUuid(rejectionId)
      ? await this.transaction.run(() => this.reader.find(tenantId, rejectionId))
      : undefined;
    if (!found) throw new RejectionNotFound();
    return found;
  }
}
