import { uniqueCount } from '../../domain/unique-count';
import { Tally, Totals } from './rollup.reader';

/** By what part of the former the latter is more: 0.25 for a quarter more; null where there was none before. */
export interface ChangeView {
  events: number | null;
  users: number | null;
  sessions: number | null;
}

export function totalsOf({ events, users, sessions }: Tally): Totals {
  return { events, users: uniqueCount(users), sessions: uniqueCount(sessions) };
}

export function changeOf(now: Totals, before: Totals): ChangeView {
  return {
    events: grown(now.events, before.events),
    users: grown(now.users.count, before.users.count),
    sessions: grown(now.sessions.count, before.sessions.count),
  };
}

/** The part of the whole, to four places. */
export function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : rounded(part / whole);
}

function grown(now: number, before: number): number | null {
  return before === 0 ? null : rounded((now - before) / before);
}

function rounded(ratio: number): number {
  return Math.round(ratio * 10_000) / 10_000;
}
