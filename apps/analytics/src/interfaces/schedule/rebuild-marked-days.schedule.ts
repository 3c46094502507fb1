import { Injectable } from '@nestjs/common';
import { Recurring } from '@libs/schedules';
import { DaysNotRebuilt, RebuildMarkedDays } from '../../application/people/rebuild-marked-days';

const INTERVAL_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
/** After work it rests as long: what the log brings has its turn. */
const REST = 1;

/** Every worker makes marked days again; those that one has are passed over by the others. */
@Injectable()
export class RebuildMarkedDaysSchedule extends Recurring {
  private started = 0;

  constructor(private readonly rebuild: RebuildMarkedDays) {
    super({
      log: 'analytics.worker',
      name: 'days that had a trace of an erased person are made again',
      everyMs: INTERVAL_MS,
    });
  }

  protected async turn(signal: AbortSignal): Promise<number> {
    this.started = performance.now();
    return this.restAfter(await this.rebuild.execute(signal));
  }

  protected override afterFailure(error: unknown): number {
    return this.restAfter(error instanceof DaysNotRebuilt ? error.tried : 0);
  }

  protected override told(error: unknown): object {
    if (!(error instanceof DaysNotRebuilt)) return { err: error };
    // ten are enough to see what they have in common
    return { err: error.cause, days: error.failures.slice(0, 10).map(({ day }) => day) };
  }

  private restAfter(days: number): number {
    const worked = performance.now() - this.started;
    return days > 0 ? Math.min(REST * worked, LONGEST_PAUSE_MS) : INTERVAL_MS;
  }
}
