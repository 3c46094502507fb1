/** Months that are made ahead: what the collector admits reaches 31 days into the future. */
const MONTHS_AHEAD = 2;

/** The partitions of what is kept of events, by the month (UTC) of the client's timestamp, `YYYY-MM`. */
export abstract class MonthlyPartitions {
  /** Returns at once for months it knows. Not inside a transaction: it commits in one of its own. */
  abstract ensure(months: ReadonlySet<string>): Promise<void>;
  /** What it knew may be wrong: next time it looks again. */
  abstract forget(): void;
  /** Drops the months that no tenant's retention reaches. @returns which tables went */
  abstract dropExpired(): Promise<string[]>;
}

/** The months of these events. */
export function monthsOf(events: readonly { readonly timestamp: string }[]): Set<string> {
  return new Set(events.map(({ timestamp }) => timestamp.slice(0, 7)));
}

/** The months that must be there before anybody asks: from the last one to those ahead. */
export function monthsAround(now: Date): Set<string> {
  const months = new Set<string>();
  for (let step = -1; step <= MONTHS_AHEAD; step += 1)
    months.add(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step)).toISOString().slice(0, 7));
  return months;
}
