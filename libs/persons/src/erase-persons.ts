import { Clock, erasureCompleted, Outbox, TenantTransaction } from '@libs/kernel';
import { Erasure } from './erasure';
import { PersonEraser } from './person-eraser';

/** One transaction deletes so much: more would hold its locks, and the log's batches, for long. */
const AT_ONCE = 2_000;

/**
 * Forgets persons: first nothing of theirs can come in any more, then what is there goes, piece by piece. May be begun again
 * wherever it broke off.
 */
export class ErasePersons {
  constructor(
    private readonly service: string,
    private readonly transaction: TenantTransaction,
    private readonly eraser: PersonEraser,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async execute(erasures: readonly Erasure[]): Promise<void> {
    if (erasures.length === 0) return;
    const tenantIds = [...new Set(erasures.map(({ tenantId }) => tenantId))];
    await this.transaction.runFor(tenantIds, () => this.eraser.keepOut(erasures));
    await this.transaction.runFor(tenantIds, () => this.eraser.waitForBatches());
    for (const erasure of erasures) await this.erase(erasure);
  }

  private async erase(erasure: Erasure): Promise<void> {
    const only = [erasure.tenantId];
    for (const kind of this.eraser.kinds) {
      let gone: number;
      do gone = await this.transaction.runFor(only, () => this.eraser.erase(erasure, kind, AT_ONCE));
      while (gone > 0);
    }
    await this.transaction.runFor(only, () => this.complete(erasure));
  }

  private async complete(erasure: Erasure): Promise<void> {
    const at = this.clock.now();
    const completion = await this.eraser.complete(erasure, at);
    if (completion === undefined) return;
    const facts = erasureCompleted(this.service, completion, at);
    // A batch has a request of its own, shared by all tenants in it.
    await this.outbox.add(facts.map((fact) => ({ ...fact, requestId: erasure.requestId })));
  }
}
