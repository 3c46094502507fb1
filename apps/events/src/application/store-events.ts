import { Injectable } from '@nestjs/common';
import { Clock, Erasures, failpoint, TenantId, TenantTransaction } from '@libs/kernel';
import { isCritical } from '../domain/event-types';
import { ADMISSION_GRACE_MS, RetentionPolicy } from '../domain/retention-policy';
import { LoggedEvent } from '../domain/tracked-event';
import { transactionOf } from '../domain/transaction';
import { EventPartitions } from './event-partitions';
import { EventProjections } from './event-projections';
import { EventStore } from './event-store';
import { inKeyOrder, isoAt } from './event-order';
import { RetentionPolicies } from './retention-policies';

const DAY_MS = 86_400_000;
/** Nobody keeps events for less than a calendar month, so for younger ones no policy need be asked. */
const ALWAYS_KEPT_MS = 27 * DAY_MS;
/** The collector admits 31 days; clocks of two machines are never a day apart. */
const MAX_AHEAD_MS = 32 * DAY_MS;

/** An event that is not kept though the log has it. */
export interface RefusedEvent {
  event: LoggedEvent;
  code: 'too_old' | 'timestamp_in_future';
}

export interface StoringOutcome {
  /** Critical events that were new. */
  stored: number;
  /** Had been stored before, or came twice in this batch. */
  duplicates: number;
  /** Kept out because the person was erased. */
  erased: number;
  refused: RefusedEvent[];
}

/** Makes of a batch of events, of any tenants, what is to be kept: all of it commits, or none. */
@Injectable()
export class StoreEvents {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly policies: RetentionPolicies,
    private readonly partitions: EventPartitions,
    private readonly erasures: Erasures,
    private readonly store: EventStore,
    private readonly projections: EventProjections,
    private readonly clock: Clock,
  ) {}

  /** Whether anything is made of events of this type; the others need not be given to execute(). */
  wants(eventType: string): boolean {
    return isCritical(eventType) || this.projections.wants(eventType);
  }

  /**
   * Indifferent to order and to repeats. @throws a data fault when one of them cannot be stored (then none was), or the
   * database's transient error
   */
  async execute(batch: readonly LoggedEvent[]): Promise<StoringOutcome> {
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
    await this.transaction.runFor(tenantsOf(admissible), async () => {
      const admitted = await this.erasures.admitted(admissible);
      outcome.erased = admissible.length - admitted.length;
      failpoint('sink.before-store');
      await this.keep(admitted, outcome);
      failpoint('sink.before-commit');
    });
    failpoint('sink.after-commit');
    return outcome;
  }

  /** Without those of a time that the collector would not admit either. */
  private async inTime(
    events: readonly LoggedEvent[],
    { refused }: StoringOutcome,
  ): Promise<readonly LoggedEvent[]> {
    const now = this.clock.now();
    const [young, latest] = [isoAt(now, -ALWAYS_KEPT_MS), isoAt(now, MAX_AHEAD_MS)];
    if (events.every(({ timestamp }) => timestamp >= young && timestamp <= latest)) return events;
    const tenantIds = tenantsOf(events);
    const policies = await this.transaction.runFor(tenantIds, () => this.policies.of(tenantIds));
    const admission = new Date(now.getTime() - ADMISSION_GRACE_MS);
    const admissible: LoggedEvent[] = [];
    for (const event of events) {
      const policy = policies.get(event.tenantId) ?? RetentionPolicy.DEFAULT;
      if (event.timestamp > latest) refused.push({ event, code: 'timestamp_in_future' });
      else if (event.timestamp < policy.oldest(isCritical(event.eventType), admission).toISOString())
        refused.push({ event, code: 'too_old' });
      else admissible.push(event);
    }
    return admissible;
  }

  private async keep(events: readonly LoggedEvent[], outcome: StoringOutcome): Promise<void> {
    const critical = events.filter(({ eventType }) => isCritical(eventType));
    if (critical.length > 0) {
      outcome.stored = await this.store.add(
        critical.map((event) => ({ event, transaction: transactionOf(event) })),
      );
      outcome.duplicates += critical.length - outcome.stored;
    }
    for (const projection of this.projections) {
      const wanted = events.filter(({ eventType }) => projection.wants(eventType));
      if (wanted.length > 0) await projection.apply(wanted);
    }
  }
}

function tenantsOf(events: readonly LoggedEvent[]): TenantId[] {
  return [...new Set(events.map(({ tenantId }) => tenantId))];
}
