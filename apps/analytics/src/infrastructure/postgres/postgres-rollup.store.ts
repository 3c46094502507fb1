import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession } from '@libs/database';
import { AppDay, ChangingApp, RollupStore } from '../../application/rollup.store';
import { Said } from '../../domain/quarter-values';
import { RollupDelta } from '../../domain/rollup-delta';
import { UniqueSketch } from '../../domain/unique-sketch';
import { DimensionRows } from './dimension-rows';
import {
  eventsColumn,
  keyColumns,
  quarterKey,
  QuarterRow,
  quarterColumns,
  quarterRows,
} from './quarter-rows';

const LOCK = `
insert into analytics.app_state as app (tenant_id, app_id, seq, newest_at)
select tenant_id, app_id, nextval('analytics.touches'), newest
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as changing (tenant_id, app_id, newest)
order by tenant_id, app_id
on conflict (tenant_id, app_id) do update set
  -- drawn when the row is locked: an application's numbers rise in the order of its commits
  seq = nextval('analytics.touches'), newest_at = greatest(app.newest_at, excluded.newest_at), changed_at = clock_timestamp()`;

// offset 0, here and below: a look at the key for each group. A join may read all that there is, which grows.
const SKETCHES = `
select wanted.place::int as place, events::float8 as events, users, sessions, few
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) with ordinality as wanted (tenant_id, app_id, event_type, bucket, place)
cross join lateral (
  select events, users, sessions, few from analytics.quarter_rollup kept
  where (kept.tenant_id, kept.app_id, kept.event_type, kept.bucket) = (wanted.tenant_id, wanted.app_id, wanted.event_type, wanted.bucket)
  offset 0) as kept`;

// The sketches of all rows come as one value, of which each row takes its part; a part without a length leaves the row's own.
export const ADD_QUARTERS = `
insert into analytics.quarter_rollup as kept (tenant_id, app_id, event_type, bucket, events, users, sessions, few)
select tenant_id, app_id, event_type, bucket, events,
  substring($6::bytea from users_at for users_length), substring($6::bytea from sessions_at for sessions_length),
  case when json_typeof(few) = 'array' then few end
from rows from (
    unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[], $7::int[], $8::int[], $9::int[], $10::int[]),
    json_array_elements($11::json))
  as row (tenant_id, app_id, event_type, bucket, events, users_at, users_length, sessions_at, sessions_length, few)
on conflict (tenant_id, app_id, event_type, bucket) do update set
  events = kept.events + excluded.events, users = excluded.users, sessions = excluded.sessions, few = excluded.few`;

// What a locked row has already is not written again: nearly all of its bytes are its sketches.
const COUNT_QUARTERS = `
update analytics.quarter_rollup kept set events = kept.events + row.events
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[]) as row (tenant_id, app_id, event_type, bucket, events)
where (kept.tenant_id, kept.app_id, kept.event_type, kept.bucket) = (row.tenant_id, row.app_id, row.event_type, row.bucket)`;

const VALUE_COUNTS = `
select place::int as place, known
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) with ordinality
  as wanted (tenant_id, app_id, event_type, dimension, bucket, place)
cross join lateral (
  select count(*)::int as known from analytics.quarter_dimension kept
  where (kept.tenant_id, kept.app_id, kept.event_type, kept.dimension, kept.bucket)
      = (wanted.tenant_id, wanted.app_id, wanted.event_type, wanted.dimension, wanted.bucket) and value <> ''
  offset 0) as counted
where known > 0`;

const VALUES = `
select place::int as place, value
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) with ordinality
  as wanted (tenant_id, app_id, event_type, dimension, bucket, place)
cross join lateral (
  select value from analytics.quarter_dimension kept
  where (kept.tenant_id, kept.app_id, kept.event_type, kept.dimension, kept.bucket)
      = (wanted.tenant_id, wanted.app_id, wanted.event_type, wanted.dimension, wanted.bucket) and value is not null
  offset 0) as kept`;

export const ADD_VALUES = `
insert into analytics.quarter_dimension as kept (tenant_id, app_id, event_type, dimension, bucket, value, events)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::bigint[])
on conflict (tenant_id, app_id, event_type, dimension, bucket, value) do update set events = kept.events + excluded.events`;

const TOUCH = `
insert into analytics.touched_day as touched (tenant_id, app_id, day, seq, changed_at)
select tenant_id, app_id, day, app.seq, clock_timestamp()
from unnest($1::uuid[], $2::uuid[], $3::date[]) as changed (tenant_id, app_id, day)
join analytics.app_state app using (tenant_id, app_id)
on conflict (tenant_id, app_id, day) do update set seq = excluded.seq, changed_at = excluded.changed_at`;

interface Stored {
  place: number;
  events: number;
  users: Buffer;
  sessions: Buffer;
  few: Said | null;
}

@Injectable()
export class PostgresRollupStore extends RollupStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async lock(apps: readonly ChangingApp[]): Promise<void> {
    await this.sql.query(LOCK, [
      plainArray(apps.map(({ tenantId }) => tenantId)),
      plainArray(apps.map(({ appId }) => appId)),
      plainArray(apps.map(({ newest }) => newest)),
    ]);
  }

  async add(delta: RollupDelta): Promise<void> {
    const rows = quarterRows(delta);
    const before = await this.addQuarters(rows);
    await this.addDimensions(DimensionRows.of(rows), before);
  }

  async touch(days: readonly AppDay[]): Promise<void> {
    await this.sql.query(TOUCH, [
      plainArray(days.map(({ tenantId }) => tenantId)),
      plainArray(days.map(({ appId }) => appId)),
      plainArray(days.map(({ day }) => day)),
    ]);
  }

  /** @returns how many events the quarters had that were there already, by quarterKey() */
  private async addQuarters(rows: readonly QuarterRow[]): Promise<ReadonlyMap<string, number>> {
    const stored = await this.sql.query<Stored>(SKETCHES, keyColumns(rows));
    const before = new Map<string, number>();
    const known = new Set<QuarterRow>();
    for (const { place, events, users, sessions, few } of stored) {
      const row = rows[place - 1];
      if (!row) continue;
      before.set(quarterKey(row), events);
      const grew = [mergeInto(row.users, users), mergeInto(row.sessions, sessions)];
      // values that were counted once are from then on
      if (few) row.values?.takeIn(few);
      else row.values?.spread();
      if (!grew.includes(true) && !few) known.add(row);
    }
    const changed = rows.filter((row) => !known.has(row));
    if (known.size > 0)
      await this.sql.query(COUNT_QUARTERS, [...keyColumns([...known]), eventsColumn([...known])]);
    if (changed.length > 0) await this.sql.query(ADD_QUARTERS, quarterColumns(changed));
    return before;
  }

  private async addDimensions(groups: DimensionRows, before: ReadonlyMap<string, number>): Promise<void> {
    if (groups.isEmpty) return;
    // A quarter has no more values than events: nearly all have room, without anybody counting.
    const full = groups.crowded((group) => before.get(quarterKey(group)) ?? 0);
    if (!full.isEmpty) await this.fit(full);
    await this.sql.query(ADD_VALUES, groups.columns());
  }

  private async fit(groups: DimensionRows): Promise<void> {
    const counts = await this.sql.query<{ place: number; known: number }>(VALUE_COUNTS, groups.keyColumns());
    const known = new Map(counts.map(({ place, known }) => [place - 1, known]));
    const crowded = groups.crowded((_, place) => known.get(place) ?? 0);
    // Only where there may be no room left is it asked which values are there.
    if (!crowded.isEmpty)
      crowded.fit(await this.sql.query<{ place: number; value: string }>(VALUES, crowded.keyColumns()));
  }
}

/** @returns whether the stored one lacked anything */
function mergeInto(sketch: UniqueSketch, stored: Buffer): boolean {
  sketch.merge(UniqueSketch.of(stored));
  return !sketch.toBytes().equals(stored);
}
