import { Clock, newId, Outbox, PersonNames, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { Erasure } from './erasure';
import { erasureRequested, personErased } from './erasure-facts';
import { ErasureRepository } from './erasure.repository';

/** Has everybody who keeps events forget a person (LGPD art. 18, VI). */
export class RequestErasure {
  constructor(
    private readonly service: string,
    private readonly transaction: TenantTransaction,
    private readonly names: PersonNames,
    private readonly erasures: ErasureRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @returns the erasure's id @throws MalformedUserId */
  async execute(input: { tenantId: TenantId; userId: string; by: UserId }): Promise<string> {
    const { tenantId, by } = input;
    const erasedAt = this.clock.now();
    const userId = this.names.of(tenantId, input.userId);
    const erasure: Erasure = { tenantId, erasureId: newId(), userId, erasedAt };
    await this.transaction.run(async () => {
      await this.erasures.add(erasure, by);
      await this.outbox.add([personErased(erasure), erasureRequested(this.service, erasure, by)]);
    });
    return erasure.erasureId;
  }
}
