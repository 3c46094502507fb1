import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { ReportHead } from '../report-cache';
import { ReportScope } from '../report-scope';
import { ReportTransaction } from '../report-transaction';
import { ReportVersions } from '../report-versions';

/** For what is never cached: the head of an answer, and the answer, read one after the other from the same server. */
@Injectable()
export class ReportHeads {
  constructor(
    private readonly transaction: ReportTransaction,
    private readonly versions: ReportVersions,
    private readonly clock: Clock,
  ) {}

  before<T>(scope: ReportScope, read: () => Promise<T>): Promise<{ head: ReportHead; answer: T }> {
    const { tenantId, appId, period } = scope;
    const { from, to, timeZone } = period;
    return this.transaction.runFor([tenantId], async () => {
      const { changedAt } = await this.versions.of(tenantId, appId, from, to);
      const asOf = (changedAt ?? this.clock.now()).toISOString();
      const head = { appId, timeZone, from: from.toISOString(), to: to.toISOString(), asOf };
      return { head, answer: await read() };
    });
  }
}
