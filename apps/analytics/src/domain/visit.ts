import { TenantId } from '@libs/kernel';
import { RolledEvent } from './rolled-event';

/** A visit ends with the event that none follows within this time. */
export const IDLE_MS = 30 * 60_000;
const PAGE_VIEW = 'page_view';

/** A visitor's events in an application with less than 30 minutes between one and the next, by our clock. */
export interface Visit {
  tenantId: TenantId;
  appId: string;
  visitor: number;
  /** Of the first and last event: RFC 3339 UTC with milliseconds. */
  startedAt: string;
  endedAt: string;
  events: number;
  pageViews: number;
  userId?: string;
  /** As the first event tells, and the last one; where several are first in one millisecond, the least of what they tell. */
  entryUrl?: string;
  exitUrl?: string;
  referrer?: string;
  device?: string;
  country?: string;
}

/** Between which times a visitor's visits may be changed by some events: those that end after the one and start before the other. */
export interface VisitReach {
  tenantId: TenantId;
  appId: string;
  visitor: number;
  after: string;
  before: string;
}

/** What becomes of the stored visits: the removed ones are to be deleted, then the added ones inserted. */
export interface VisitChanges {
  removed: Visit[];
  added: Visit[];
}

/**
 * One reach for each run of a visitor's events, however far apart the runs are: what lies between is nobody's matter. Events without a
 * visitor are in no visit.
 */
export function reachOf(fresh: readonly RolledEvent[]): VisitReach[] {
  return byVisitor(fresh.flatMap(visitOf)).flatMap((visits) => {
    const { tenantId, appId, visitor } = visits[0]!;
    return runsOf(visits.map(({ startedAt }) => Date.parse(startedAt))).map(({ first, last }) => ({
      tenantId,
      appId,
      visitor,
      after: new Date(first - IDLE_MS).toISOString(),
      before: new Date(last + IDLE_MS).toISOString(),
    }));
  });
}

/**
 * The visits after some more events. Indifferent to order and to how events are split into batches: a late event lengthens a visit
 * or makes one of two.
 *
 * @param existing all stored visits within reachOf(fresh), of any visitors; more do no harm
 * @param fresh each event once, and none that the existing visits have already
 */
export function joinVisits(existing: readonly Visit[], fresh: readonly RolledEvent[]): VisitChanges {
  const stored = new Set(existing);
  const changes: VisitChanges = { removed: [], added: [] };
  for (const visits of byVisitor([...existing, ...fresh.flatMap(visitOf)])) {
    visits.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
    let parts: Visit[] = [];
    let whole: Visit | undefined;
    for (const visit of visits) {
      if (whole && follows(whole, visit)) {
        whole = united(whole, visit);
        parts.push(visit);
        continue;
      }
      settle(parts, whole);
      whole = visit;
      parts = [visit];
    }
    settle(parts, whole);
  }
  return changes;

  function settle(parts: readonly Visit[], whole: Visit | undefined): void {
    // one that was stored and that nothing came to stays as it is
    if (!whole || (parts.length === 1 && stored.has(whole))) return;
    changes.removed.push(...parts.filter((part) => stored.has(part)));
    changes.added.push(whole);
  }
}

/** A visit of one event; none where nobody is known to have done it. */
function visitOf(event: RolledEvent): Visit[] {
  const { tenantId, appId, visitor, occurredAt, userId, url, referrer, device, country } = event;
  if (visitor === undefined) return [];
  return [
    {
      tenantId,
      appId,
      visitor,
      startedAt: occurredAt,
      endedAt: occurredAt,
      events: 1,
      pageViews: event.eventType === PAGE_VIEW ? 1 : 0,
      userId,
      entryUrl: url,
      exitUrl: url,
      referrer,
      device,
      country,
    },
  ];
}

function byVisitor(visits: readonly Visit[]): Visit[][] {
  const groups = new Map<string, Visit[]>();
  for (const visit of visits) {
    const key = visit.tenantId + visit.appId + visit.visitor;
    const group = groups.get(key);
    if (group) group.push(visit);
    else groups.set(key, [visit]);
  }
  return [...groups.values()];
}

/** Reaches of two runs do not meet. */
function runsOf(times: number[]): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  let run: (typeof runs)[number] | undefined;
  for (const time of times.sort((a, b) => a - b)) {
    if (run && time - run.last < 2 * IDLE_MS) run.last = time;
    else runs.push((run = { first: time, last: time }));
  }
  return runs;
}

function follows(earlier: Visit, later: Visit): boolean {
  return later.startedAt <= earlier.endedAt || later.startedAt < shifted(earlier.endedAt, IDLE_MS);
}

function united(earlier: Visit, later: Visit): Visit {
  const together = earlier.startedAt === later.startedAt;
  const last = earlier.endedAt >= later.endedAt ? earlier : later;
  const first = (one: string | undefined, other: string | undefined) => (together ? least(one, other) : one);
  return {
    tenantId: earlier.tenantId,
    appId: earlier.appId,
    visitor: earlier.visitor,
    startedAt: earlier.startedAt,
    endedAt: last.endedAt,
    events: earlier.events + later.events,
    pageViews: earlier.pageViews + later.pageViews,
    userId: least(earlier.userId, later.userId),
    entryUrl: first(earlier.entryUrl, later.entryUrl),
    exitUrl: earlier.endedAt === later.endedAt ? least(earlier.exitUrl, later.exitUrl) : last.exitUrl,
    referrer: first(earlier.referrer, later.referrer),
    device: first(earlier.device, later.device),
    country: first(earlier.country, later.country),
  };
}

function least(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}

function shifted(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
