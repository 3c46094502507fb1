import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantId, TenantTransaction } from '@libs/kernel';
import { Rejection, RejectionRepository, isAttributed } from '../domain/rejection';
import { DeadLetterQueue } from './dead-letter-queue';
import { rejectedFact } from './release-facts';

/** Puts aside what cannot be posted, with its reason, so that the rest of the line flows. */
@Injectable()
export class RejectReleases {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly rejections: RejectionRepository,
    private readonly outbox: Outbox,
    private readonly deadLetters: DeadLetterQueue,
    private readonly clock: Clock,
  ) {}

  /** Idempotent: a rejection is kept and told once, however often its message comes back. */
  async execute(rejections: readonly Rejection[]): Promise<void> {
    if (rejections.length === 0) return;
    const tenantIds = new Set<TenantId>();
    for (const { tenantId } of rejections) if (tenantId) tenantIds.add(tenantId);
    await this.transaction.runFor([...tenantIds], async () => {
      const fresh = await this.rejections.addAll(rejections);
      const now = this.clock.now();
      const facts = fresh.filter(isAttributed).map((rejection) => rejectedFact(rejection, now));
      if (facts.length > 0) await this.outbox.add(facts);
    });
    // after the commit: a message without its row would be an alarm about nothing
    await this.deadLetters.send(rejections);
  }
}
