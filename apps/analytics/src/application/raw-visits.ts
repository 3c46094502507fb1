import { Injectable } from '@nestjs/common';
import { RolledEvent } from '../domain/rolled-event';
import { IDLE_MS, joinVisits, Visit } from '../domain/visit';
import { RebuildStore, Span, Visitors } from './rebuild.store';
import { AppKey } from './rollup.store';

/** Nearly all visits that go over midnight begin or end within so much of it. */
const MARGIN_MS = 2 * 3_600_000;
const STEP_MS = 86_400_000;

/** Visits as the raw events tell them, whole however long they are. In the open transaction. */
@Injectable()
export class RawVisits {
  constructor(private readonly store: RebuildStore) {}

  /** Those of which a part lies in the time. */
  async partIn(app: AppKey, span: Span, of: Visitors): Promise<Visit[]> {
    let [from, to] = [shifted(span.from, -MARGIN_MS), shifted(span.to, MARGIN_MS)];
    const events = await this.store.rawEvents(app, { from, to }, of);
    const complete: Visit[] = [];
    let known = Map.groupBy(events, ({ visitor }) => visitor);
    while (known.size > 0) {
      const open = new Map<number | undefined, RolledEvent[]>();
      for (const [visitor, theirs] of known) {
        const visits = joinVisits([], theirs).added.filter((visit) => hasPartIn(visit, span));
        if (visits.some((visit) => mayGoOn(visit, from, to))) open.set(visitor, theirs);
        else complete.push(...visits);
      }
      if (open.size === 0) break;
      known = open;
      [from, to] = await this.widen(app, known, { from, to });
    }
    return complete;
  }

  /** Reads on for who is there without a pause: a screen that is always on is one visit of weeks. */
  private async widen(
    app: AppKey,
    known: ReadonlyMap<number | undefined, RolledEvent[]>,
    { from, to }: Span,
  ): Promise<[string, string]> {
    const visitors = [...known.keys()].filter((visitor) => visitor !== undefined);
    const wider = { from: shifted(from, -STEP_MS), to: shifted(to, STEP_MS) };
    for (const part of [
      { from: wider.from, to: from },
      { from: to, to: wider.to },
    ])
      for (const event of await this.store.rawEvents(app, part, visitors))
        known.get(event.visitor)?.push(event);
    return [wider.from, wider.to];
  }
}

function hasPartIn({ startedAt, endedAt }: Visit, { from, to }: Span): boolean {
  return startedAt < to && endedAt >= from;
}

/** Whether events that were not read may belong to it. */
function mayGoOn({ startedAt, endedAt }: Visit, from: string, to: string): boolean {
  return startedAt < shifted(from, IDLE_MS) || endedAt > shifted(to, -IDLE_MS);
}

function shifted(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
