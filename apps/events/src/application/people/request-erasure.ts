import { Injectable } from '@nestjs/common';
import { Clock, newId, Outbox, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { Erasure } from '../../domain/erasure';
import { auditRecorded, personErased } from '../../domain/facts';
import { ErasureRepository } from './erasure.repository';
import { PersonNames } from './person-names';

/** Has everybody who keeps events forget a person (LGPD art. 18, VI). */
@Injectable()
export class RequestErasure {
  constructor(
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
      await this.outbox.add([
        personErased(erasure),
        // whom, too: the tenant must be able to show that it did what the person asked for
        auditRecorded(tenantId, erasedAt, {
          action: 'events.person_erasure_requested',
          actorId: by,
          actorKind: 'person',
          target: userId,
          details: { erasureId: erasure.erasureId },
        }),
      ]);
    });
    return erasure.erasureId;
  }
}
