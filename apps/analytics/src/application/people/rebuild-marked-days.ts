import { Injectable } from '@nestjs/common';
import { Clock, erasureCompleted, Outbox, TenantTransaction } from '@libs/kernel';
import { RebuildDay } from '../rebuild-day';
import { AppDay } from '../rollup.store';
import { MarkedDays } from './marked-days';
import { WaitingErasures } from './waiting-erasures';

/** Looked at in one go; then whoever else has something to do comes first. */
const AT_ONCE = 20;

/** Some days could not be made again; the others were. */
export class DaysNotRebuilt extends Error {
  constructor(
    readonly failures: readonly { day: AppDay; error: unknown }[],
    /** Those that were made, too. */
    readonly tried: number,
  ) {
    super(`${failures.length} days could not be made again`, { cause: failures[0]?.error });
  }
}

/** Makes the days again that erasures left with a trace of a person, and completes the erasures that waited for them. */
@Injectable()
export class RebuildMarkedDays {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly days: MarkedDays,
    private readonly rebuild: RebuildDay,
    private readonly waiting: WaitingErasures,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @returns how many days were looked at; 0: nothing is due @throws DaysNotRebuilt, when all were tried */
  async execute(signal?: AbortSignal): Promise<number> {
    const due = await this.days.due(AT_ONCE);
    const failures: { day: AppDay; error: unknown }[] = [];
    for (const day of due) {
      if (signal?.aborted) break;
      try {
        await this.again(day);
      } catch (error) {
        failures.push({ day, error });
        await this.transaction.runFor([day.tenantId], () => this.days.postpone(day));
      }
    }
    if (failures.length > 0) throw new DaysNotRebuilt(failures, due.length);
    return due.length;
  }

  private async again(day: AppDay): Promise<void> {
    const only = [day.tenantId];
    const marks = await this.transaction.runFor(only, () => this.days.claim(day));
    if (marks === undefined) return;
    // in transactions of its own: a large day must not hold up its application until all of it is made
    await this.rebuild.execute(day);
    await this.transaction.runFor(only, () => this.finish(day, marks));
  }

  private async finish(day: AppDay, marks: number): Promise<void> {
    if (!(await this.days.finish(day, marks))) return;
    await this.days.forgetBuilt(day);
    const at = this.clock.now();
    const completed = await this.waiting.complete(day.tenantId, at);
    const facts = completed.flatMap((completion) => erasureCompleted('analytics', completion, at));
    if (facts.length > 0) await this.outbox.add(facts);
  }
}
