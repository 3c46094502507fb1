import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '@libs/kernel';
import { correctionOf, Difference } from '../domain/rollup-correction';
import { RollupDelta } from '../domain/rollup-delta';
import { IDLE_MS } from '../domain/visit';
import { visitCorrection, visitDifferences } from '../domain/visit-correction';
import { RawVisits } from './raw-visits';
import { RebuildStore, Span, Visitors } from './rebuild.store';
import { AppDay, RollupStore } from './rollup.store';

const DAY_MS = 86_400_000;
/** Raw events that are held in memory at once; as long as they take, the consumer waits for this application. */
const EVENTS_AT_ONCE = 50_000;
const VISITORS = 2 ** 52;

/** Makes the quarters, dimensions and sessions of a UTC day again from the raw events. */
@Injectable()
export class RebuildDay {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly rollups: RollupStore,
    private readonly store: RebuildStore,
    private readonly rawVisits: RawVisits,
  ) {}

  /**
   * Part by part, each in a transaction of its own (or all in the one that is open), while events go on arriving: a part is compared
   * with the application held. What differs is corrected and the day marked as changed; `write: false` only tells.
   * @returns what differed
   */
  async execute(day: AppDay, { write = true }: { write?: boolean } = {}): Promise<readonly Difference[]> {
    const counts = await this.transaction.runFor([day.tenantId], () => this.store.eventsByQuarter(day));
    const differences: Difference[] = [];
    for (const span of spansOf(day, counts))
      differences.push(...(await this.inTurn(day, write, () => this.rollupsOf(day, span, write))));
    const events = counts.reduce((sum, { events }) => sum + events, 0);
    for (const visitors of visitorsOf(events))
      differences.push(...(await this.inTurn(day, write, () => this.visitsOf(day, visitors, write))));
    return differences;
  }

  private inTurn(
    day: AppDay,
    write: boolean,
    work: () => Promise<readonly Difference[]>,
  ): Promise<readonly Difference[]> {
    return this.transaction.runFor([day.tenantId], async () => {
      await this.store.hold(day);
      const differences = await work();
      if (write && differences.length > 0) {
        await this.rollups.lock([{ ...day, newest: spanOf(day).from }]);
        await this.rollups.touch([day]);
      }
      return differences;
    });
  }

  private async rollupsOf(day: AppDay, span: Span, write: boolean): Promise<readonly Difference[]> {
    const [delta] = RollupDelta.of(await this.store.rawEvents(day, span)).apps;
    const correction = correctionOf(
      [...(delta?.quarters.values() ?? [])],
      await this.store.quarters(day, span),
      await this.store.values(day, span),
    );
    if (write && correction.differences.length > 0) await this.store.correct(day, correction);
    return correction.differences;
  }

  /** Of the visits that have a part in the day, whole: they may have begun days before and end days after. */
  private async visitsOf(day: AppDay, visitors: Visitors, write: boolean): Promise<readonly Difference[]> {
    const span = spanOf(day);
    const made = await this.rawVisits.partIn(day, span, visitors);
    const reaches = made.map((visit) => ({
      ...visit,
      after: shifted(visit.startedAt, -IDLE_MS),
      before: shifted(visit.endedAt, IDLE_MS),
    }));
    const stored = await this.store.visits(day, span, visitors, reaches);
    const changes = visitCorrection(stored, made);
    const differences = visitDifferences(changes);
    if (write && differences.length > 0) await this.store.replaceVisits(changes);
    return differences;
  }
}

function spanOf({ day }: AppDay): Span {
  return { from: `${day}T00:00:00.000Z`, to: shifted(`${day}T00:00:00.000Z`, DAY_MS) };
}

/** The whole day, in as few parts as there may be; a quarter of an hour is never parted. */
function spansOf(day: AppDay, counts: readonly { bucket: string; events: number }[]): Span[] {
  const whole = spanOf(day);
  const spans: Span[] = [];
  let [from, inside] = [whole.from, 0];
  for (const { bucket, events } of counts) {
    if (inside > 0 && inside + events > EVENTS_AT_ONCE) {
      spans.push({ from, to: bucket });
      [from, inside] = [bucket, 0];
    }
    inside += events;
  }
  return [...spans, { from, to: whole.to }];
}

function visitorsOf(events: number): Visitors[] {
  const parts = Math.max(1, Math.ceil(events / EVENTS_AT_ONCE));
  const width = Math.ceil(VISITORS / parts);
  return Array.from({ length: parts }, (_, part) => ({ least: part * width, below: (part + 1) * width }));
}

function shifted(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
