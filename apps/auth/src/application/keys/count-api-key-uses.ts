import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { ApiKeyUseReport } from '../../domain/api-key-use';
import { ApiKeyUsesRepository } from '../../domain/api-key-uses.repository';

/** Longer than any log keeps a message, and so longer than one can be repeated. */
const REMEMBERED_MS = 14 * 86_400_000;
const FORGET_EVERY_MS = 600_000;

/** Takes over what the services counted: each report has its effect once, however often it comes. */
@Injectable()
export class CountApiKeyUses {
  private forgottenAt = -Infinity;

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly uses: ApiKeyUsesRepository,
    private readonly clock: Clock,
  ) {}

  async execute(reports: readonly ApiKeyUseReport[]): Promise<void> {
    if (reports.length === 0) return;
    const tenantIds = [...new Set(reports.map(({ tenantId }) => tenantId))];
    const now = this.clock.now().getTime();
    const due = Math.abs(now - this.forgottenAt) >= FORGET_EVERY_MS;
    await this.transaction.runFor(tenantIds, async () => {
      await this.uses.add(reports);
      if (due) await this.uses.forget(new Date(now - REMEMBERED_MS));
    });
    if (due) this.forgottenAt = now;
  }
}
