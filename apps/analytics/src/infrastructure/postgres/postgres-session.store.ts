import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, storableText, textArray } from '@libs/database';
import { SessionStore } from '../../application/session.store';
import { AppDay } from '../../application/rollup.store';
import { RolledEvent } from '../../domain/rolled-event';
import { joinVisits, reachOf, Visit, VisitReach } from '../../domain/visit';
import { SessionRow, SESSION_COLUMNS, visitOfRow } from './session-rows';

// Functions, because they have settings of their own: there is but one way to go, whatever is known of the table
// (migrations/1795600000120-find-sessions-by-key.ts).
const WITHIN_REACH = `
select ${SESSION_COLUMNS}
from analytics.sessions_within($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::timestamptz[])`;

const REMOVE = `select analytics.remove_sessions($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[])`;

const ADD = `
insert into analytics.sessions (tenant_id, app_id, visitor, started_at, ended_at, user_id, events, page_views, entry_url, exit_url,
  referrer, device, country)
select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::int[], $8::int[],
  $9::text[], $10::text[], $11::text[], $12::text[], $13::text[])
on conflict (tenant_id, app_id, visitor, started_at) do update set
  ended_at = excluded.ended_at, user_id = excluded.user_id, events = excluded.events, page_views = excluded.page_views,
  entry_url = excluded.entry_url, exit_url = excluded.exit_url, referrer = excluded.referrer, device = excluded.device,
  country = excluded.country`;

@Injectable()
export class PostgresSessionStore extends SessionStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async join(events: readonly RolledEvent[]): Promise<readonly AppDay[]> {
    const reaches = reachOf(events);
    if (reaches.length === 0) return [];
    const { removed, added } = joinVisits(await this.within(reaches), events);
    await this.replace(removed, added);
    return daysOf([...removed, ...added]);
  }

  /** Those that events within the reaches may change. */
  async within(reaches: readonly VisitReach[]): Promise<Visit[]> {
    if (reaches.length === 0) return [];
    const rows = await this.sql.query<SessionRow>(WITHIN_REACH, [
      plainArray(reaches.map(({ tenantId }) => tenantId)),
      plainArray(reaches.map(({ appId }) => appId)),
      plainArray(reaches.map(({ visitor }) => visitor)),
      plainArray(reaches.map(({ after }) => after)),
      plainArray(reaches.map(({ before }) => before)),
    ]);
    // one that goes on from one reach to another is told by both
    return [...new Map(rows.map((row) => [rowKey(row), visitOfRow(row)])).values()];
  }

  async replace(removed: readonly Visit[], added: readonly Visit[]): Promise<void> {
    // Most go on from where they began: those are changed, not deleted and written anew.
    const going = new Set(added.map(keyOf));
    const gone = removed.filter((visit) => !going.has(keyOf(visit)));
    if (gone.length > 0) await this.sql.query(REMOVE, keyColumns(gone));
    if (added.length > 0) await this.sql.query(ADD, [...keyColumns(added), ...factColumns(added)]);
  }
}

/** The UTC days on which they began, each once. */
export function daysOf(visits: readonly Visit[]): AppDay[] {
  const days = new Map<string, AppDay>();
  for (const { tenantId, appId, startedAt } of visits) {
    const day = startedAt.slice(0, 10);
    days.set(tenantId + appId + day, { tenantId, appId, day });
  }
  return [...days.values()];
}

function rowKey(row: SessionRow): string {
  return `${row.tenant_id}${row.app_id}${row.visitor} ${row.started_at.getTime()}`;
}

function keyOf({ tenantId, appId, visitor, startedAt }: Visit): string {
  return `${tenantId}${appId}${visitor} ${startedAt}`;
}

function keyColumns(visits: readonly Visit[]): string[] {
  return [
    plainArray(visits.map(({ tenantId }) => tenantId)),
    plainArray(visits.map(({ appId }) => appId)),
    plainArray(visits.map(({ visitor }) => visitor)),
    plainArray(visits.map(({ startedAt }) => startedAt)),
  ];
}

function factColumns(visits: readonly Visit[]): string[] {
  return [
    plainArray(visits.map(({ endedAt }) => endedAt)),
    textArray(visits.map(({ userId }) => storableText(userId))),
    plainArray(visits.map((visit) => visit.events)),
    plainArray(visits.map(({ pageViews }) => pageViews)),
    textArray(visits.map(({ entryUrl }) => entryUrl)),
    textArray(visits.map(({ exitUrl }) => exitUrl)),
    textArray(visits.map(({ referrer }) => referrer)),
    textArray(visits.map(({ device }) => device)),
    textArray(visits.map(({ country }) => country)),
  ];
}
