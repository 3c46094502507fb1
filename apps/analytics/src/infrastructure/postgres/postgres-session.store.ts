import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, storableText, textArray } from '@libs/database';
import { SessionStore } from '../../application/session.store';
import { AppDay } from '../../application/rollup.store';
import { RolledEvent } from '../../domain/rolled-event';
import { joinVisits, reachOf, Visit, VisitReach } from '../../domain/visit';
import { SessionRow, SESSION_COLUMNS, visitOfRow } from './session-rows';

// A visitor's sessions do not overlap, so of those that began before the reach only the last one can end within it: the others
// of a long history are not looked at. offset 0: one look at the key for each visitor, and never a join with everybody's. Rows are compared whole, and `is true` asked, so that a table without statistics is read by
// its key, too, and not by the times of everybody's sessions.
const WITHIN_REACH = `
select ${SESSION_COLUMNS}
from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::timestamptz[]) as reach (of_tenant, of_app, of_visitor, after, before)
cross join lateral (
  select * from analytics.sessions
  where tenant_id = of_tenant and app_id = of_app and visitor = of_visitor and started_at < before and (ended_at > after) is true
    and started_at >= coalesce((
      select last.started_at from analytics.sessions last
      where (last.tenant_id, last.app_id, last.visitor, last.started_at) <= (of_tenant, of_app, of_visitor, after)
        and (last.tenant_id, last.app_id, last.visitor) >= (of_tenant, of_app, of_visitor)
      order by last.tenant_id desc, last.app_id desc, last.visitor desc, last.started_at desc limit 1), after)
  offset 0
) as session`;

const REMOVE = `
delete from analytics.sessions
where (tenant_id, app_id, visitor, started_at) in (select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[]))`;

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
    return rows.map(visitOfRow);
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
