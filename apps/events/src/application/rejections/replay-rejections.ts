import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { eventAgain } from '../../domain/event-again';
import { KeptRejection } from '../../domain/kept-rejection';
import { InvalidRejectionRange, RejectionNotFound } from '../../domain/rejection.errors';
import { CollectEvents } from '../collect-events';
import { RejectionFilter, RejectionPlace, RejectionReader, ReplayOutcome } from './rejection-reader';

export const MAX_REPLAYED = 1_000;
/** Events in memory and on their way to the log at once; each may have 256 KiB. */
const AT_ONCE = 50;

export type ReplaySelection =
  { ids: readonly string[] } | (Pick<RejectionFilter, 'code' | 'from' | 'to'> & { after?: RejectionPlace });

export interface Replayed {
  accepted: number;
  /** Of the accepted ones, how many were seen lately: a hint. */
  duplicates: number;
  rejected: { rejectionId: string; code: string; message: string }[];
  /** Where the next replay of the same selection goes on. */
  next?: RejectionPlace;
}

/**
 * Sends rejected events through the collector again, for the same person and application and at the time at which they came.
 * Doing it twice is harmless: an event is one by its id and its timestamp, which stay.
 */
@Injectable()
export class ReplayRejections {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: RejectionReader,
    private readonly collect: CollectEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws what the log throws when it does not take them (503): those before it are noted, and all may be replayed again;
   * InvalidRejectionRange
   */
  async execute(tenantId: TenantId, selection: ReplaySelection): Promise<Replayed> {
    const { ids, next } =
      'ids' in selection ? { ids: [...new Set(selection.ids)] } : await this.select(tenantId, selection);
    const replayed: Replayed = { accepted: 0, duplicates: 0, rejected: [], next };
    for (let start = 0; start < ids.length; start += AT_ONCE)
      await this.replay(tenantId, ids.slice(start, start + AT_ONCE), replayed);
    return replayed;
  }

  private async select(tenantId: TenantId, { after, ...filter }: Exclude<ReplaySelection, { ids: unknown }>) {
    if (filter.from && filter.to && filter.from > filter.to) throw new InvalidRejectionRange();
    const waiting = { ...filter, replayed: false };
    const rows = await this.transaction.run(() =>
      this.reader.list(tenantId, waiting, after, MAX_REPLAYED + 1),
    );
    const taken = rows.slice(0, MAX_REPLAYED);
    const last = taken.at(-1);
    const next =
      rows.length > taken.length && last
        ? { receivedAt: new Date(last.receivedAt), rejectionId: last.rejectionId }
        : undefined;
    return { ids: taken.map(({ rejectionId }) => rejectionId), next };
  }

  private async replay(tenantId: TenantId, ids: readonly string[], replayed: Replayed): Promise<void> {
    const kept = await this.transaction.run(() => this.reader.load(tenantId, ids));
    const found = new Set(kept.map(({ rejectionId }) => rejectionId));
    for (const rejectionId of ids)
      if (!found.has(rejectionId)) {
        const { code, message } = new RejectionNotFound();
        replayed.rejected.push({ rejectionId, code, message });
      }
    const settled = await Promise.allSettled(kept.map((rejection) => this.again(rejection)));
    const outcomes: ReplayOutcome[] = [];
    for (const result of settled) {
      if (result.status === 'rejected') continue;
      const { outcome, duplicates } = result.value;
      outcomes.push(outcome);
      if (outcome.refused) replayed.rejected.push({ rejectionId: outcome.rejectionId, ...outcome.refused });
      else replayed.accepted += 1;
      replayed.duplicates += duplicates;
    }
    if (outcomes.length > 0)
      await this.transaction.run(() => this.reader.note(tenantId, outcomes, this.clock.now()));
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** One by one: each has a sender and a time of its own, and the log gathers what comes at once. */
  private async again(kept: KeptRejection): Promise<{ outcome: ReplayOutcome; duplicates: number }> {
    const { tenantId, appId, userId, rejectionId, source, sentAt, receivedAt } = kept;
    const { rejected, duplicates } = await this.collect.execute(
      { tenantId, appId, userId },
      {
        source,
        events: [eventAgain(kept)],
        sentAt: sentAt === undefined ? undefined : Date.parse(sentAt),
        receivedAt: new Date(receivedAt),
        replayed: true,
      },
    );
    const [refused] = rejected;
    const why = refused && { code: refused.code, message: refused.message };
    return { outcome: { rejectionId, refused: why }, duplicates };
  }
}
