import { Injectable } from '@nestjs/common';
import { BinaryColumns, plainArray } from '@libs/database';
import { TenantId } from '@libs/kernel';
import {
  Breakdown,
  Piece,
  Point,
  RollupQuestion,
  RollupReader,
  SummaryRead,
  Tally,
  ValueCount,
} from '../../application/reports/rollup.reader';
import { isSameZone } from '../../domain/local-time';
import { Interval } from '../../domain/period';
import { ALL_TYPES } from '../../domain/rollup-delta';
import { UniqueCount, uniqueCount } from '../../domain/unique-count';
import { EXACT_UP_TO, UniqueSketch } from '../../domain/unique-sketch';
import { ReportSql } from './report-sql';
import { hourlySql, PIECES, summarySql, timelineSql, topSql } from './rollup-reports.sql';

interface Part {
  part: 'total' | 'type' | 'value' | 'folded';
  key: string | null;
  events: number | null;
  users: Uint8Array | null;
  sessions: Uint8Array | null;
}

interface PieceRow {
  starts_at: Date;
  ends_at: Date;
  events: number;
  users: Uint8Array;
  sessions: Uint8Array;
}

interface PointRow {
  at: number;
  events: number;
  user_count: number | null;
  session_count: number | null;
  users: Uint8Array | null;
  sessions: Uint8Array | null;
}

// Sketches are bytes: as text they cost PostgreSQL more than finding them.
const PART: BinaryColumns<Part> = {
  part: 'text',
  key: 'text',
  events: 'int8',
  users: 'bytea',
  sessions: 'bytea',
};
const PIECE: BinaryColumns<PieceRow> = {
  starts_at: 'timestamptz',
  ends_at: 'timestamptz',
  events: 'int8',
  users: 'bytea',
  sessions: 'bytea',
};
const POINT: BinaryColumns<PointRow> = {
  at: 'int4',
  events: 'int8',
  user_count: 'int8',
  session_count: 'int8',
  users: 'bytea',
  sessions: 'bytea',
};

@Injectable()
export class PostgresRollupReader extends RollupReader {
  constructor(private readonly sql: ReportSql) {
    super();
  }

  async summary(question: RollupQuestion, breakdown?: Breakdown): Promise<SummaryRead> {
    const { eventType } = question;
    const parts = await this.sql.queryBinary(
      summarySql({ allTypes: eventType === undefined, breakdown: breakdown !== undefined }),
      [
        ...keysOf(question, question.tenantZone),
        ...(breakdown ? [breakdown.dimension, breakdown.limit] : []),
      ],
      PART,
    );
    const { total: totals = [], type = [] } = Object.groupBy(parts, ({ part }) => part);
    const { events, users, sessions } = merged(totals);
    const total = { events, users: uniqueCount(users), sessions: uniqueCount(sessions) };
    const byType = type.map(({ key, events }) => ({ eventType: key ?? '', events: events ?? 0 }));
    if (eventType !== undefined && total.events > 0) byType.push({ eventType, events: total.events });
    return { total, byType, ...valuesOf(parts, breakdown?.limit ?? 0) };
  }

  async pieces(question: RollupQuestion, cuts: readonly Date[] = []): Promise<Piece[]> {
    const rows = await this.sql.queryBinary(
      PIECES,
      [...keysOf(question, question.tenantZone), plainArray(cuts.map((cut) => cut.toISOString()))],
      PIECE,
    );
    return rows.map((row) => ({ start: row.starts_at, end: row.ends_at, ...merged([row]) }));
  }

  async timeline(
    question: RollupQuestion,
    intervals: readonly Interval[],
    uniques: boolean,
  ): Promise<Point[]> {
    const { period, tenantZone } = question;
    const byDay = intervals.some(isLong);
    // the days of other zones are made of quarters
    const zone = byDay && !isSameZone(period.timeZone, tenantZone) ? '' : tenantZone;
    const statement = byDay ? timelineSql({ uniques }) : hourlySql({ uniques });
    const params = [
      ...keysOf(question, zone),
      plainArray(intervals.map(({ start }) => start.toISOString())),
      plainArray(intervals.map(({ end }) => end.toISOString())),
    ];
    const rows = uniques
      ? await this.sql.queryBinary(statement, params, POINT)
      : countsOf(await this.sql.query(statement, params)); // thousands of hours would be constants at each of their places
    const byPlace = Map.groupBy(rows, ({ at }) => at - 1);
    return intervals.map((_, place) => pointOf(byPlace.get(place) ?? [], uniques));
  }

  async top(question: RollupQuestion, { dimension, limit }: Breakdown) {
    const parts = await this.sql.queryBinary(
      topSql({ allTypes: question.eventType === undefined }),
      [...keysOf(question, question.tenantZone), dimension, limit],
      PART,
    );
    const { total = [] } = Object.groupBy(parts, ({ part }) => part);
    return { events: total[0]?.events ?? 0, ...valuesOf(parts, limit) };
  }

  async activeSince(tenantId: TenantId, appId: string, since: Date): Promise<number> {
    const [row] = await this.sql.query<{ visitors: string }>(
      'select count(distinct visitor) as visitors from analytics.sessions where tenant_id = $1 and app_id = $2 and ended_at >= $3',
      [tenantId, appId, since],
    );
    return Number(row?.visitors ?? 0);
  }
}

/** Of a timeline without uniques. */
function countsOf(rows: readonly { at: number; events: string }[]): PointRow[] {
  const nothing = { user_count: null, session_count: null, users: null, sessions: null };
  return rows.map(({ at, events }) => ({ at, events: Number(events), ...nothing }));
}

function keysOf({ tenantId, appId, period, eventType }: RollupQuestion, zone: string): unknown[] {
  return [tenantId, appId, period.from, period.to, zone, eventType ?? ALL_TYPES];
}

function merged(rows: readonly Pick<Part, 'events' | 'users' | 'sessions'>[]): Tally {
  const tally: Tally = { events: 0, users: UniqueSketch.empty(), sessions: UniqueSketch.empty() };
  for (const { events, users, sessions } of rows) {
    tally.events += events ?? 0;
    if (users !== null) tally.users.merge(UniqueSketch.of(users));
    if (sessions !== null) tally.sessions.merge(UniqueSketch.of(sessions));
  }
  return tally;
}

/** A whole day says how many there were; of parts the sketches are merged. */
function pointOf(rows: readonly PointRow[], uniques: boolean): Point {
  const [only] = rows;
  if (!uniques) return { events: rows.reduce((sum, { events }) => sum + events, 0) };
  if (rows.length === 1 && only && only.user_count !== null && only.session_count !== null)
    return {
      events: only.events,
      users: known(only.user_count),
      sessions: known(only.session_count),
    };
  const { events, users, sessions } = merged(rows);
  return { events, users: uniqueCount(users), sessions: uniqueCount(sessions) };
}

function known(count: number): UniqueCount {
  return uniqueCount({ count, exact: count <= EXACT_UP_TO });
}

/** One more row comes than was asked for, unless the first one is of what has no name. */
function valuesOf(parts: readonly Part[], limit: number): { values: ValueCount[]; folded: number } {
  const { value = [], folded = [] } = Object.groupBy(parts, ({ part }) => part);
  return { values: value.slice(0, limit).map(valueCount), folded: folded[0]?.events ?? 0 };
}

function valueCount({ key, events }: Part): ValueCount {
  return { value: key ?? '', events: events ?? 0 };
}

function isLong({ start, end }: Interval): boolean {
  return end.getTime() - start.getTime() > 3_600_000;
}
