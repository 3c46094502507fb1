import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { dueDays, LOOK_AGAIN_MS } from '../domain/due-days';
import { zoneOfDays } from '../domain/zone-of-days';
import { BuildSpans } from './build-spans';
import { ChangedApp, DayChanged, DayStore } from './day.store';
import { AppKey } from './rollup.store';
import { DEFAULT_ZONE, TenantZones } from './tenant-zones';

const AT_REST_MS = 10 * LOOK_AGAIN_MS;
/** What one application takes of a turn; the rest of it comes in the next one, after all others. */
const TURN_OF_ONE_MS = 10_000;
/** So many in one turn, and the fault is not theirs. */
const MOST_FAILURES = 3;

interface Looked {
  seq: string;
  at: number;
  /** All that was due then was made, and nothing was too fresh to be. */
  settled: boolean;
}

/** The days of some applications could not be made; those of the others were. */
export class DaysNotBuilt extends Error {
  constructor(readonly failures: readonly { app: AppKey; error: unknown }[]) {
    super(`the days of ${failures.length} applications could not be made`, { cause: failures[0]?.error });
  }
}

/**
 * Makes local days of their quarters, and spans of days, so that a report over a month reads a handful of rows and not 2,880.
 * Several workers may do so: each day is one's at a time, and nothing is lost when one dies.
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

  /** @returns how many days were made @throws DaysNotBuilt, when all other applications had their turn */
  async execute(signal?: AbortSignal): Promise<number> {
    let made = 0;
    const failures: { app: AppKey; error: unknown }[] = [];
    for (const app of await this.days.apps()) {
      if (signal?.aborted || failures.length === MOST_FAILURES) break;
      if (!this.isToBeLookedAt(app)) continue;
      try {
        made += await this.buildApp(app, signal);
      } catch (error) {
        failures.push({ app, error });
        this.lookAgainLater(app, this.clock.now(), false);
      }
    }
    if (failures.length > 0) throw new DaysNotBuilt(failures);
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
    const { timeZone, due, waiting } = await this.inTransaction(app, async () => {
      const timeZone = await this.zoneOfDays(app.tenantId, now);
      await this.days.dropOthers(app, timeZone);
      const [touched, built] = [await this.days.touched(app), await this.days.built(app, timeZone)];
      return { timeZone, ...dueDays(touched, built, timeZone, now) };
    });
    let made = 0;
    let settled = !waiting && now.getTime() - app.changedAt.getTime() > LOOK_AGAIN_MS;
    for (const day of due) {
      if (signal?.aborted || this.hasHadItsTurn(now)) return made;
      try {
        if (await this.inTransaction(app, () => this.days.build(app, timeZone, day))) made += 1;
      } catch (error) {
        if (!(error instanceof DayChanged)) throw error;
        settled = false;
      }
    }
    if (!(await this.spans.execute(app, timeZone, signal))) settled = false;
    this.lookAgainLater(app, now, settled);
    return made;
  }

  private async zoneOfDays(tenantId: TenantId, now: Date): Promise<string> {
    const known = await this.zones.find(tenantId);
    if (!known) return DEFAULT_ZONE;
    const zone = zoneOfDays(known, now);
    if (zone !== known.days?.zone) await this.zones.makeDaysIn(tenantId, zone, now);
    return zone;
  }

  private hasHadItsTurn(began: Date): boolean {
    return this.clock.now().getTime() - began.getTime() > TURN_OF_ONE_MS;
  }

  private lookAgainLater({ tenantId, appId, seq }: ChangedApp, now: Date, settled: boolean): void {
    this.looked.set(tenantId + appId, { seq, at: now.getTime(), settled });
  }

  private inTransaction<T>({ tenantId }: AppKey, work: () => Promise<T>): Promise<T> {
    return this.transaction.runFor([tenantId], work);
  }
}
