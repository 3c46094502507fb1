import { Injectable } from '@nestjs/common';
import { ReleaseId, TenantId, TenantTransaction } from '@libs/kernel';
import { ConsolidationReader } from './consolidation.reader';

const PATIENCE_MS = 1000;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;

@Injectable()
export class AwaitRelease {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: ConsolidationReader,
  ) {}

  /** Waits up to a second for a release to be consolidated; tells whether it was. */
  async execute(input: { tenantId: TenantId; releaseId: ReleaseId }): Promise<boolean> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      // no transaction is held while it sleeps
      const there = await this.transaction.run(() => this.reader.hasEntry(input.tenantId, input.releaseId));
      if (there || patience.aborted) return there;
      await sleep(pause);
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
