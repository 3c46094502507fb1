/** The monthly partitions of the raw events, by the month (UTC) of the client's timestamp, `YYYY-MM`. */
export abstract class EventPartitions {
  /** Returns at once for months it knows. Not inside a transaction: it commits in one of its own. */
  abstract ensure(months: ReadonlySet<string>): Promise<void>;
  /** What it knew may be wrong: next time it looks again. */
  abstract forget(): void;
  /** Drops the months that no tenant's retention reaches. @returns which tables went */
  abstract dropExpired(): Promise<string[]>;
}
