import { Injectable } from '@nestjs/common';
import { Clock, Erasures, failpoint, TenantId, TenantTransaction } from '@libs/kernel';
import { IdentityHash, identityOf } from '../domain/identity';
import { ADMISSION_GRACE_MS, Retention } from '../domain/retention';
import { rolledEvent } from '../domain/rolled-event';
import { RollupDelta } from '../domain/rollup-delta';
import { inKeyOrder } from './event-order';
import { EventPartitions } from './event-partitions';
import { RawEvent, RawEventStore } from './raw-event.store';
import { RetentionPolicies } from './retention-policies';
import { AppDay, RollupStore } from './rollup.store';
import { SessionStore } from './session.store';
import { TrackedEvent } from './tracked-event';
import { TellOfEvents } from './webhooks/tell-of-events';

const DAY_MS = 86_400_000;
/** Nobody keeps events for less than a calendar month, so for younger ones no policy need be asked. */
const ALWAYS_KEPT_MS = 27 * DAY_MS;
/** The collector admits 31 days; clocks of two machines are never a day apart. */
const MAX_AHEAD_MS = 32 * DAY_MS;

/** An event that is not kept though the log has it. */
export interface RefusedEvent {
  event: TrackedEvent;
  code: 'too_old' | 'timestamp_in_future';
}

export interface StoringOutcome {
  /** Events that were new. */
  stored: number;
  /** Had been stored before, or came twice in this batch. */
  duplicates: number;
  /** Kept out because the person was erased. */
  erased: number;
  refused: RefusedEvent[];
}

/** Makes of a batch of events, of any tenants, raw rows, rollups and sessions: all of it commits, or nothing. */
@Injectable()
export class StoreEvents {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly policies: RetentionPolicies,
    private readonly partitions: EventPartitions,
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
  async execute(batch: readonly TrackedEvent[]): Promise<StoringOutcome> {
    const events = inKeyOrder(batch);
    const outcome: StoringOutcome = {
      stored: 0,
      duplicates: batch.length - events.length,
      erased: 0,
      refused: [],
    };
    const admissible = await this.inTime(events, outcome);
    if (admissible.length === 0) return outcome;
    // in a transaction of its own: it makes tables
    await this.partitions.ensure(new Set(admissible.map(({ timestamp }) => timestamp.slice(0, 7))));
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

  /** Without those of a time that the collector would not admit either. */
  private async inTime(
    events: readonly TrackedEvent[],
    { refused }: StoringOutcome,
  ): Promise<readonly TrackedEvent[]> {
    const now = this.clock.now();
    const [young, latest] = [isoAt(now, -ALWAYS_KEPT_MS), isoAt(now, MAX_AHEAD_MS)];
    if (events.every(({ timestamp }) => timestamp >= young && timestamp <= latest)) return events;
    const tenantIds = tenantsOf(events);
    const policies = await this.transaction.runFor(tenantIds, () => this.policies.of(tenantIds));
    const admission = new Date(now.getTime() - ADMISSION_GRACE_MS);
    return events.filter((event) => {
      const oldest = (policies.get(event.tenantId) ?? Retention.DEFAULT).oldest(admission).toISOString();
      const code =
        event.timestamp > latest ? 'timestamp_in_future' : event.timestamp < oldest ? 'too_old' : undefined;
      if (code) refused.push({ event, code });
      return code === undefined;
    });
  }
}

function tenantsOf(events: readonly TrackedEvent[]): TenantId[] {
  return [...new Set(events.map(({ tenantId }) => tenantId))];
}

function daysOf(delta: RollupDelta): AppDay[] {
  return delta.apps.flatMap(({ tenantId, appId, days }) => days.map((day) => ({ tenantId, appId, day })));
}

function eachOnce(days: readonly AppDay[]): AppDay[] {
  return [...new Map(days.map((day) => [day.tenantId + day.appId + day.day, day])).values()];
}

function isoAt(now: Date, offsetMs: number): string {
  return new Date(now.getTime() + offsetMs).toISOString();
}
