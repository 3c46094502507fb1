import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { dueSpans } from '../domain/spans';
import { AppKey } from './rollup.store';
import { SpanStore } from './span.store';

/** Unites local days to spans of 2 to 32, each in a transaction of its own. What dies or is outrun is made the next time. */
@Injectable()
export class BuildSpans {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly spans: SpanStore,
    private readonly clock: Clock,
  ) {}

  /** @returns whether nothing is left to be made */
  async execute(app: AppKey, timeZone: string, signal?: AbortSignal): Promise<boolean> {
    const now = this.clock.now();
    const { due, waiting } = await this.transaction.runFor([app.tenantId], async () =>
      dueSpans(await this.spans.days(app, timeZone), await this.spans.built(app, timeZone), now),
    );
    let settled = !waiting;
    for (const span of due) {
      if (signal?.aborted) return false;
      const made = await this.transaction.runFor([app.tenantId], () =>
        this.spans.build(app, timeZone, span, now),
      );
      settled &&= made;
    }
    return settled;
  }
}
