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
    const tally = emptyTally();
    const parts: Part[] = [];
    await this.sql.queryBinary(
      summarySql({ allTypes: eventType === undefined, breakdown: breakdown !== undefined }),
      [
        ...keysOf(question, question.tenantZone),
        ...(breakdown ? [breakdown.dimension, breakdown.limit] : []),
      ],
      PART,
      (row) => void (row.part === 'total' ? addTo(tally, row) : parts.push(row)),
    );
    const { type = [] } = Object.groupBy(parts, ({ part }) => part);
    const { events, users, sessions } = tally;
    const total = { events, users: uniqueCount(users), sessions: uniqueCount(sessions) };
    const byType = type.map(({ key, events }) => ({ eventType: key ?? '', events: events ?? 0 }));
    if (eventType !== undefined && total.events > 0) byType.push({ eventType, events: total.events });
    return { total, byType, ...valuesOf(parts, breakdown?.limit ?? 0) };
  }

  async pieces(question: RollupQuestion, cuts: readonly Date[] = []): Promise<Piece[]> {
    const pieces: Piece[] = [];
    await this.sql.queryBinary(
      PIECES,
      [...keysOf(question, question.tenantZone), plainArray(cuts.map((cut) => cut.toISOString()))],
      PIECE,
      (row) => {
        const tally = emptyTally();
        addTo(tally, row);
        pieces.push({ start: row.starts_at, end: row.ends_at, ...tally });
      },
    );
    return pieces;
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
    const places = intervals.map((): Place => ({ rows: 0, tally: emptyTally() }));
    const take = (row: PointRow): void => addToPlace(places[row.at - 1], row);
    if (uniques) await this.sql.queryBinary(statement, params, POINT, take);
    // thousands of hours would be constants at each of their places
    else (await this.sql.query<CountRow>(statement, params)).map(countOf).forEach(take);
    return places.map((place) => pointOf(place, uniques));
  }

  async top(question: RollupQuestion, { dimension, limit }: Breakdown) {
    const parts: Part[] = [];
    await this.sql.queryBinary(
      topSql({ allTypes: question.eventType === undefined }),
      [...keysOf(question, question.tenantZone), dimension, limit],
      PART,
      (row) => void parts.push(row),
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

function keysOf({ tenantId, appId, period, eventType }: RollupQuestion, zone: string): unknown[] {
  return [tenantId, appId, period.from, period.to, zone, eventType ?? ALL_TYPES];
}

function emptyTally(): Tally {
  return { events: 0, users: UniqueSketch.empty(), sessions: UniqueSketch.empty() };
}

function addTo(tally: Tally, { events, users, sessions }: Omit<Part, 'part' | 'key'>): void {
  tally.events += events ?? 0;
  if (users) tally.users.mergeBytes(users);
  if (sessions) tally.sessions.mergeBytes(sessions);
}

/** What is known of an interval of a timeline, as its rows come in. */
interface Place {
  rows: number;
  counts?: { users: UniqueCount; sessions: UniqueCount };
  tally: Tally;
}

function addToPlace(place: Place | undefined, row: PointRow): void {
  if (!place) return;
  const { user_count: users, session_count: sessions } = row;
  place.rows += 1;
  if (users !== null && sessions !== null) place.counts = { users: known(users), sessions: known(sessions) };
  addTo(place.tally, row);
}

/** A whole day says how many there were; of parts the sketches are merged. */
function pointOf({ rows, counts, tally: { events, users, sessions } }: Place, uniques: boolean): Point {
  if (!uniques) return { events };
  if (rows === 1 && counts) return { events, ...counts };
  return { events, users: uniqueCount(users), sessions: uniqueCount(sessions) };
}

/** Of a timeline without uniques, as text. */
interface CountRow {
  at: number;
  events: string;
}

function countOf({ at, events }: CountRow): PointRow {
  const nothing = { user_count: null, session_count: null, users: null, sessions: null };
  return { at, events: Number(events), ...nothing };
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
