import { Injectable } from '@nestjs/common';
import { Recurring } from '@libs/schedules';
import { FindInsights, InsightsFailed } from '../../application/projections/find-insights';

const INTERVAL_MS = 1_000;
const LONGEST_PAUSE_MS = 2_000;
/** After work it rests as long as it worked, and longer: what the log brings goes before what is made of it. */
const REST = 3;

/** Every sink looks for insights; marks of one that died are another's. */
@Injectable()
export class FindInsightsSchedule extends Recurring {
  private started = 0;

  constructor(private readonly find: FindInsights) {
    super({ log: 'events.sink', name: 'insights are looked for', everyMs: INTERVAL_MS });
  }

  protected async turn(): Promise<number> {
    this.started = performance.now();
    return this.restAfter(await this.find.execute());
  }

  /** The others' were looked for, and more of theirs may wait. */
  protected override afterFailure(error: unknown): number {
    return this.restAfter(error instanceof InsightsFailed ? error.looked : 0);
  }

  protected override told(error: unknown): object {
    if (!(error instanceof InsightsFailed)) return { err: error };
    const { failures, cause } = error;
    // ten are enough to see what they have in common
    return {
      err: cause,
      tenants: failures.length,
      tenantIds: failures.slice(0, 10).map(({ tenantId }) => tenantId),
    };
  }

  private restAfter(found: number): number {
    const worked = performance.now() - this.started;
    return found > 0 ? Math.min(REST * worked, LONGEST_PAUSE_MS) : INTERVAL_MS;
  }
}
