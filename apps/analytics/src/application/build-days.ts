import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { dueDays, LOOK_AGAIN_MS } from '../domain/due-days';
import { BuildSpans } from './build-spans';
import { ChangedApp, DayChanged, DayStore } from './day.store';
import { AppKey } from './rollup.store';
import { DEFAULT_ZONE, TenantZones } from './tenant-zones';

const AT_REST_MS = 10 * LOOK_AGAIN_MS;

interface Looked {
  seq: string;
  at: number;
  /** All that was due then was made, and nothing was too fresh to be. */
  settled: boolean;
}

/**
 * Makes local days of their quarters, and spans of days, so that a report over a month reads a handful of rows and not 2,880. Several workers may do so: each
 * day is one's at a time, and nothing is lost when one dies.
 */
@Injectable()
export class BuildDays {
  private readonly looked = new Map<string, Looked>();

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly days: DayStore,
    private readonly zones: TenantZones,
    private readonly spans: BuildSpans,
    private readonly clock: Clock,
  ) {}

  /** @returns how many days were made */
  async execute(signal?: AbortSignal): Promise<number> {
    let made = 0;
    for (const app of await this.days.apps()) {
      if (signal?.aborted) return made;
      if (this.isToBeLookedAt(app)) made += await this.buildApp(app, signal);
    }
    return made;
  }

  // Another hour of what rests is over now and then.
  private isToBeLookedAt({ tenantId, appId, seq }: ChangedApp): boolean {
    const looked = this.looked.get(tenantId + appId);
    if (!looked) return true;
    const since = this.clock.now().getTime() - looked.at;
    return since >= (looked.seq === seq && looked.settled ? AT_REST_MS : LOOK_AGAIN_MS);
  }

  private async buildApp(app: ChangedApp, signal?: AbortSignal): Promise<number> {
    const now = this.clock.now();
    const { timeZone, due } = await this.inTransaction(app, async () => {
      const timeZone = (await this.zones.of([app.tenantId])).get(app.tenantId) ?? DEFAULT_ZONE;
      await this.days.dropOthers(app, timeZone);
      const [touched, built] = [await this.days.touched(app), await this.days.built(app, timeZone)];
      return { timeZone, due: dueDays(touched, built, timeZone, now) };
    });
    let made = 0;
    let settled = now.getTime() - app.changedAt.getTime() > LOOK_AGAIN_MS;
    for (const day of due) {
      if (signal?.aborted) return made;
      try {
        if (await this.inTransaction(app, () => this.days.build(app, timeZone, day))) made += 1;
      } catch (error) {
        if (!(error instanceof DayChanged)) throw error;
        settled = false;
      }
    }
    if (!(await this.spans.execute(app, timeZone, signal))) settled = false;
    this.looked.set(app.tenantId + app.appId, { seq: app.seq, at: now.getTime(), settled });
    return made;
  }

  private inTransaction<T>({ tenantId }: AppKey, work: () => Promise<T>): Promise<T> {
    return this.transaction.runFor([tenantId], work);
  }
}
