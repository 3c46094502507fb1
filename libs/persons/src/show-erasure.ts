import { isUuid, TenantId, TenantTransaction } from '@libs/kernel';
import { ErasureRepository, ErasureView } from './erasure.repository';
import { ErasureNotFound } from './person.errors';

/** How far an erasure is. */
export class ShowErasure {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly erasures: ErasureRepository,
  ) {}

  /** @throws ErasureNotFound, also for another tenant's */
  async execute(tenantId: TenantId, erasureId: string): Promise<ErasureView> {
    if (!isUuid(erasureId)) throw new ErasureNotFound();
    const erasure = await this.transaction.run(() => this.erasures.find(tenantId, erasureId));
    if (!erasure) throw new ErasureNotFound();
    return erasure;
  }
}
