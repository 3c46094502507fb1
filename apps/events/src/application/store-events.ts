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
import { isCritical } from '../domain/event-types';
import { RetentionPolicy } from '../domain/retention-policy';
import { LoggedEvent } from '../domain/tracked-event';
import { transactionOf } from '../domain/transaction';
import { EventProjections } from './event-projections';
import { EventStore } from './event-store';
import { RetentionPolicies } from './retention-policies';

/** Makes of a batch of events, of any tenants, what is to be kept: all of it commits, or none. */
@Injectable()
export class StoreEvents {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly policies: RetentionPolicies,
    private readonly partitions: MonthlyPartitions,
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
   * Indifferent to order and to repeats; what counts as stored are critical events. @throws a data fault when one of them cannot be
   * stored (then none was), or the database's transient error
   */
  async execute(batch: readonly LoggedEvent[]): Promise<StoringOutcome<LoggedEvent>> {
    const events = inKeyOrder(batch);
    const { admissible, refused } = await inTime(events, this.clock.now(), this.oldestOf);
    const outcome = { stored: 0, duplicates: batch.length - events.length, erased: 0, refused };
    if (admissible.length === 0) return outcome;
    // in a transaction of its own: it makes tables
    await this.partitions.ensure(monthsOf(admissible));
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

  private readonly oldestOf = async (tenantIds: readonly TenantId[], asOf: Date) => {
    const policies = await this.transaction.runFor(tenantIds, () => this.policies.of(tenantIds));
    return ({ tenantId, eventType }: LoggedEvent) =>
      (policies.get(tenantId) ?? RetentionPolicy.DEFAULT).oldest(isCritical(eventType), asOf);
  };
}
