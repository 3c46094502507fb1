import { Injectable } from '@nestjs/common';
import { Conditions } from '@libs/database';
import { ReportSql } from './report-sql';
import { TenantId } from '@libs/kernel';
import {
  ActivityFilter,
  ActivityPlace,
  ActivityView,
  PersonProfile,
  PersonReader,
} from '../../application/raw/person.reader';
import { EVENT_COLUMNS, EventRow, eventView, PLACE } from './event-rows';
import { HeavyReading } from './heavy-reading';

const MOST_VALUES = 20;
const LAST_PAGES = 10;

interface ProfileRow {
  first_seen: Date | null;
  last_seen: Date;
  events: number;
  by_type: { eventType: string; events: number; lastAt: string }[];
  devices: PersonProfile['devices'];
  browsers: PersonProfile['browsers'];
  countries: PersonProfile['countries'];
  pages: { url: string; at: string }[];
  sessions: number;
  mean_ms: number | null;
  last_session: Date | null;
}

/** Every query names its tenant; row-level security would hold without it. A person may be a robot with a million events. */
@Injectable()
export class PostgresPersonReader extends PersonReader {
  constructor(
    private readonly reading: HeavyReading,
    private readonly sql: ReportSql,
  ) {
    super();
  }

  async profile(
    tenantId: TenantId,
    appId: string,
    userId: string,
    { from, to }: { from: Date; to: Date },
  ): Promise<PersonProfile | undefined> {
    const params = [tenantId, appId, userId, from.toISOString(), to.toISOString()];
    const [row] = await this.reading.run(tenantId, () => this.sql.query<ProfileRow>(PROFILE, params));
    if (!row || row.first_seen === null) return undefined;
    return {
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      events: row.events,
      byType: row.by_type.map((type) => ({ ...type, lastAt: new Date(type.lastAt) })),
      sessions: { count: row.sessions, meanMs: row.mean_ms, lastStartedAt: row.last_session },
      devices: row.devices,
      browsers: row.browsers,
      countries: row.countries,
      lastPages: row.pages.map(({ url, at }) => ({ url, at: new Date(at) })),
    };
  }

  async activity(
    tenantId: TenantId,
    appId: string,
    userId: string,
    { from, to, eventType }: ActivityFilter,
    after: ActivityPlace | undefined,
    limit: number,
  ): Promise<ActivityView[]> {
    const conditions = new Conditions()
      .where((tenant) => `tenant_id = ${tenant}`, tenantId)
      .where((app) => `app_id = ${app}`, appId)
      .where((user) => `user_id = ${user}`, userId)
      .where((first) => `occurred_at >= ${first}::timestamptz`, from)
      .where((end) => `occurred_at < ${end}::timestamptz`, to)
      .where((first) => `"timestamp" >= ${first}::timestamptz - interval '32 days'`, from)
      .where((end) => `"timestamp" < ${end}::timestamptz + interval '32 days'`, to)
      .where((type) => `event_type = ${type}`, eventType)
      .where((...place) => `${PLACE.columns} < ${PLACE.of(place)}`, ...placeOf(after));
    const most = conditions.place(limit);
    const rows = await this.reading.run(tenantId, () =>
      this.sql.query<EventRow>(
        `select ${EVENT_COLUMNS} from analytics.events where ${conditions.sql}
         order by occurred_at desc, event_id desc, "timestamp" desc limit ${most}`,
        conditions.params,
      ),
    );
    return rows.map(eventView);
  }
}

function placeOf(after: ActivityPlace | undefined): unknown[] {
  return after ? [after.occurredAt, after.eventId, after.timestamp] : [undefined];
}

const top = (
  column: string,
): string => `(select coalesce(json_agg(json_build_object('value', value, 'events', events)
    order by events desc, value), '[]') from (select ${column} as value, count(*)::int as events from seen
    where ${column} is not null group by ${column} order by events desc, value limit ${MOST_VALUES}) as most)`;

// occurred_at is never further than 31 days from "timestamp", which says which months to look in.
const PROFILE = `
with seen as materialized (
  select event_type, occurred_at, device, browser, country, url from analytics.events
  where tenant_id = $1 and app_id = $2 and user_id = $3 and occurred_at >= $4 and occurred_at < $5
    and "timestamp" >= $4::timestamptz - interval '32 days' and "timestamp" < $5::timestamptz + interval '32 days'),
visits as (select started_at, ended_at from analytics.sessions
  where tenant_id = $1 and app_id = $2 and user_id = $3 and started_at >= $4 and started_at < $5)
select
  (select occurred_at from analytics.events where tenant_id = $1 and app_id = $2 and user_id = $3
   order by occurred_at limit 1) as first_seen,
  (select occurred_at from analytics.events where tenant_id = $1 and app_id = $2 and user_id = $3
   order by occurred_at desc limit 1) as last_seen,
  (select count(*)::int from seen) as events,
  (select coalesce(json_agg(json_build_object('eventType', event_type, 'events', events, 'lastAt', last_at)
     order by events desc, event_type), '[]')
   from (select event_type, count(*)::int as events, max(occurred_at) as last_at from seen group by event_type
     order by events desc, event_type limit 100) as types) as by_type,
  ${top('device')} as devices, ${top('browser')} as browsers, ${top('country')} as countries,
  (select coalesce(json_agg(json_build_object('url', url, 'at', at) order by at desc, url), '[]')
   from (select url, max(occurred_at) as at from seen where url is not null and event_type = 'page_view' group by url
     order by at desc, url limit ${LAST_PAGES}) as pages) as pages,
  (select count(*)::int from visits) as sessions,
  (select avg(extract(epoch from ended_at - started_at)::float8 * 1000) from visits) as mean_ms,
  (select max(started_at) from visits) as last_session`;
