import { Injectable } from '@nestjs/common';
import {
  Clock,
  Erasures,
  failpoint,
  inKeyOrder,
  inTime,
  MonthlyPartitions,
  monthsOf,
  StoringOutcome,
  TenantId,
  tenantsOf,
  TenantTransaction,
} from '@libs/kernel';
import { IdentityHash, identityOf } from '../domain/identity';
import { Retention } from '../domain/retention';
import { rolledEvent } from '../domain/rolled-event';
import { RollupDelta } from '../domain/rollup-delta';
import { RawEvent, RawEventStore } from './raw-event.store';
import { RetentionPolicies } from './retention-policies';
import { AppDay, RollupStore } from './rollup.store';
import { SessionStore } from './session.store';
import { TrackedEvent } from './tracked-event';
import { TellOfEvents } from './webhooks/tell-of-events';

/** Makes of a batch of events, of any tenants, raw rows, rollups and sessions: all of it commits, or nothing. */
@Injectable()
export class StoreEvents {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly policies: RetentionPolicies,
    private readonly partitions: MonthlyPartitions,
    private readonly erasures: Erasures,
    private readonly raw: RawEventStore,
    private readonly rollups: RollupStore,
    private readonly sessions: SessionStore,
    private readonly identities: IdentityHash,
    private readonly telling: TellOfEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Indifferent to order and to repeats. @throws a data fault when one of them cannot be stored (then none was), or the
   * database's transient error
   */
  async execute(batch: readonly TrackedEvent[]): Promise<StoringOutcome<TrackedEvent>> {
    const events = inKeyOrder(batch);
    const { admissible, refused } = await inTime(events, this.clock.now(), this.oldestOf);
    const outcome = { stored: 0, duplicates: batch.length - events.length, erased: 0, refused };
    if (admissible.length === 0) return outcome;
    // in a transaction of its own: it makes tables
    await this.partitions.ensure(monthsOf(admissible));
    // before the transaction: hashing takes its time, and locks wait for nobody's arithmetic
    const rolled = new Map(
      admissible.map((event) => [event, rolledEvent(event, identityOf(event, this.identities))]),
    );
    await this.transaction.runFor(tenantsOf(admissible), async () => {
      const admitted = await this.erasures.admitted(admissible);
      outcome.erased = admissible.length - admitted.length;
      failpoint('analytics.before-store');
      const rows = admitted.flatMap((event) => {
        const of = rolled.get(event);
        return of ? [{ event, rolled: of }] : [];
      });
      const fresh = rows.length > 0 ? await this.raw.add(rows) : rows;
      outcome.stored = fresh.length;
      outcome.duplicates += rows.length - fresh.length;
      if (fresh.length > 0) await this.rollUp(fresh);
      if (fresh.length > 0) await this.telling.tell(fresh);
      failpoint('analytics.before-commit');
    });
    failpoint('analytics.after-commit');
    return outcome;
  }

  /** Of new events only: what is rolled up is what the raw store has, each event once. */
  private async rollUp(fresh: readonly RawEvent[]): Promise<void> {
    const events = fresh.map(({ rolled }) => rolled);
    const delta = RollupDelta.of(events);
    await this.rollups.lock(delta.apps);
    await this.rollups.add(delta);
    const sessionDays = await this.sessions.join(events);
    await this.rollups.touch(eachOnce([...daysOf(delta), ...sessionDays]));
  }

  private readonly oldestOf = async (tenantIds: readonly TenantId[], asOf: Date) => {
    const policies = await this.transaction.runFor(tenantIds, () => this.policies.of(tenantIds));
    return ({ tenantId }: TrackedEvent) => (policies.get(tenantId) ?? Retention.DEFAULT).oldest(asOf);
  };
}

function daysOf(delta: RollupDelta): AppDay[] {
  return delta.apps.flatMap(({ tenantId, appId, days }) => days.map((day) => ({ tenantId, appId, day })));
}

function eachOnce(days: readonly AppDay[]): AppDay[] {
  return [...new Map(days.map((day) => [day.tenantId + day.appId + day.day, day])).values()];
}
