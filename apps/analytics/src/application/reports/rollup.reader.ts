import { TenantId } from '@libs/kernel';
import { Dimension } from '../../domain/dimensions';
import { Interval, Period } from '../../domain/period';
import { UniqueCount } from '../../domain/unique-count';
import { UniqueSketch } from '../../domain/unique-sketch';

export interface RollupQuestion {
  tenantId: TenantId;
  appId: string;
  /** Of whole quarters of an hour. */
  period: Period;
  /** Whose days are made beforehand. */
  tenantZone: string;
  /** All types unless it is given. */
  eventType?: string;
}

export interface Tally {
  events: number;
  users: UniqueSketch;
  sessions: UniqueSketch;
}

export interface TypeCount {
  eventType: string;
  events: number;
}

/** '' for the events that say nothing of the dimension. */
export interface ValueCount {
  value: string;
  events: number;
}

export interface Breakdown {
  dimension: Dimension;
  limit: number;
}

/** A tally as it is told. */
export interface Totals {
  events: number;
  users: UniqueCount;
  sessions: UniqueCount;
}

export interface SummaryRead {
  total: Totals;
  /** Most events first. */
  byType: TypeCount[];
  /** Most events first; what is missing from the total are other values. */
  values: ValueCount[];
  /** Events whose value is not known any more, as it was rare when they came: any value may have had so many more. */
  folded: number;
}

/** A stretch of time and what happened in it. */
export interface Piece extends Tally {
  start: Date;
  end: Date;
}

/** What happened in one of the intervals asked for. */
export interface Point {
  events: number;
  users?: UniqueCount;
  sessions?: UniqueCount;
}

/** Reads days and quarters of an hour in the open ReportTransaction; each method in one statement, so that what it gives sums. */
export abstract class RollupReader {
  abstract summary(question: RollupQuestion, breakdown?: Breakdown): Promise<SummaryRead>;
  /** The spans, days and quarters that the period is made of, in no order; none goes beyond one of `cuts`, which ascend. */
  abstract pieces(question: RollupQuestion, cuts?: readonly Date[]): Promise<Piece[]>;
  /** @param intervals in order, without a gap, of whole quarters of an hour; together the period */
  abstract timeline(
    question: RollupQuestion,
    intervals: readonly Interval[],
    uniques: boolean,
  ): Promise<Point[]>;
  /** Events and the values that most of them have. */
  abstract top(
    question: RollupQuestion,
    breakdown: Breakdown,
  ): Promise<{ events: number } & Pick<SummaryRead, 'values' | 'folded'>>;
  /** How many visitors did something since then. */
  abstract activeSince(tenantId: TenantId, appId: string, since: Date): Promise<number>;
}
