import { TenantId } from '@libs/kernel';
import { Entry } from './entry';

/** The entries and their daily rollup, which agree in every snapshot. */
export abstract class EntryLedger {
  /**
   * Adds the entries that are new and their sums to the rollup, in one statement; repeats change nothing.
   * Runs inside a TenantTransaction opened for every tenant of the entries.
   */
  abstract record(entries: readonly Entry[]): Promise<void>;

  /**
   * Keeps every writer of the rollup out until the transaction ends.
   * Recomputing without it could overwrite what a consumer adds meanwhile.
   */
  abstract lock(): Promise<void>;

  /** Days of `tenantId` whose rollup is not the sum of their entries, from one snapshot. */
  abstract differences(tenantId: TenantId): Promise<RollupDifference[]>;

  /** Sets those days to the sums of their entries. */
  abstract correct(tenantId: TenantId, differences: readonly RollupDifference[]): Promise<void>;
}

/** Cents as decimal text, and a count. */
export interface DaySums {
  credits: string;
  debits: string;
  count: number;
}

export interface RollupDifference {
  date: string;
  entries: DaySums;
  rollup: DaySums;
}
