import { Client } from 'pg';
import { Dimension } from '../src/domain/dimensions';

/** Whose events of which time a question is about. */
export interface Asked {
  tenantId: string;
  appId: string;
  from: Date;
  to: Date;
  eventType?: string;
  /** Members that an event's metadata must have, as texts, numbers or booleans. */
  metadata?: Record<string, unknown>;
}

export interface Totals {
  events: number;
  users: number;
  sessions: number;
}

// Visitors by their ids, not by our hashes; who is known by what is told apart.
const WHO = `coalesce('u' || user_id, 'd' || device_id, 's' || session_id)`;
const TOTALS = `count(*)::int as events, count(distinct ${WHO})::int as users, count(distinct session_id)::int as sessions`;
const ASKED = `tenant_id = $1 and app_id = $2 and occurred_at >= $3 and occurred_at < $4
  and ($5::text is null or event_type = $5) and metadata @> $6::jsonb`;

/**
 * What reports should say, by plain SQL over the raw events, read whole and with nothing of what the service computes them with:
 * no rollups, no hashes, no time zones but PostgreSQL's.
 */
export class AnalyticsOracle {
  /** @param sql a connection that no policy binds */
  constructor(private readonly sql: Client) {}

  async totals(asked: Asked): Promise<Totals> {
    const [row] = await this.rows<Totals>(`select ${TOTALS} from analytics.events where ${ASKED}`, asked);
    return row!;
  }

  /** By UTC quarter of an hour and event type, and of all types ('*'), in this order. */
  quarters(asked: Asked): Promise<(Totals & { eventType: string; bucket: Date })[]> {
    return this.rows(
      `select coalesce(event_type, '*') collate "C" as "eventType", bucket, ${TOTALS}
       from (select *, date_bin('15 minutes', occurred_at, 'epoch') as bucket from analytics.events where ${ASKED}) e
       group by grouping sets ((bucket, event_type), (bucket)) order by 2, 1`,
      asked,
    );
  }

  /** By event type, the most frequent first. */
  byType(asked: Asked): Promise<(Totals & { eventType: string })[]> {
    return this.rows(
      `select event_type collate "C" as "eventType", ${TOTALS} from analytics.events where ${ASKED} group by 1 order by 2 desc, 1`,
      asked,
    );
  }

  /** All values, the most frequent first; '' for events that say nothing. */
  values(asked: Asked, dimension: Dimension): Promise<{ value: string; events: number }[]> {
    return this.rows(
      `select coalesce(${dimension}, '') collate "C" as value, count(*)::int as events from analytics.events where ${ASKED}
       group by 1 order by 2 desc, 1`,
      asked,
    );
  }

  /** Of local days that have events: `YYYY-MM-DD`. */
  days(asked: Asked, timeZone: string): Promise<(Totals & { day: string })[]> {
    return this.rows(
      `select to_char(occurred_at at time zone $7, 'YYYY-MM-DD') as day, ${TOTALS}
       from analytics.events where ${ASKED} group by 1 order by 1`,
      asked,
      timeZone,
    );
  }

  /**
   * Of local hours that have events: what clocks showed, and by how much they were off UTC, so that an hour that came twice is
   * two. `first` and `last` are instants that lie in it.
   */
  hours(asked: Asked, timeZone: string): Promise<(Totals & { hour: string; first: Date; last: Date })[]> {
    return this.rows(
      `select to_char(occurred_at at time zone $7, 'YYYY-MM-DD HH24')
           || ' ' || (occurred_at at time zone $7 - occurred_at at time zone 'UTC')::text as hour,
         min(occurred_at) as first, max(occurred_at) as last, ${TOTALS}
       from analytics.events where ${ASKED} group by 1 order by 2`,
      asked,
      timeZone,
    );
  }

  /** One by one, oldest first, of all people or of one. */
  events(asked: Asked, userId?: string): Promise<Record<string, unknown>[]> {
    return this.rows(
      `select event_id as "eventId", event_type as "eventType", occurred_at as "occurredAt", "timestamp", received_at as "receivedAt",
         source, user_id as "userId", device_id as "deviceId", session_id as "sessionId", seq::int as seq, url, referrer, device, browser,
         os, country, version, metadata
       from analytics.events where ${ASKED} and ($7::text is null or user_id = $7)
       order by occurred_at, event_id, "timestamp"`,
      asked,
      userId,
    );
  }

  /** Visitors of an event within the time asked for, of all types. */
  async active(asked: Asked): Promise<number> {
    return (await this.totals(asked)).users;
  }

  /** Sessions that began in the time asked for, by gaps of half an hour in ALL events of a visitor. */
  async visits({ tenantId, appId, from, to }: Omit<Asked, 'eventType' | 'metadata'>): Promise<OracleVisit[]> {
    const { rows } = await this.sql.query<OracleVisit>(VISITS, [tenantId, appId, from, to]);
    return rows;
  }

  /**
   * Visitors by step: who did the steps in order, each strictly later than the one before, all within `windowMs` of the first,
   * which lies in the time asked for. The median is that of the time to their first arrival at a step from the latest start that
   * leads there, to a millisecond.
   */
  async funnel(
    { tenantId, appId, from, to }: Asked,
    steps: readonly string[],
    windowMs: number,
  ): Promise<{ visitors: number; medianMs: number | null }[]> {
    const chains = steps.map((_, at) =>
      at === 0
        ? `c0 as (select who, occurred_at as start, occurred_at as at from e where event_type = ($6::text[])[1]
             and occurred_at >= $3 and occurred_at < $4)`
        : `c${at} as (select distinct c.who, c.start, e.occurred_at as at from c${at - 1} c join e on e.who = c.who
             and e.event_type = ($6::text[])[${at + 1}] and e.occurred_at > c.at and e.occurred_at <= c.start + $5::interval)`,
    );
    const reached = steps.map(
      (_, at) => `select ${at} as step, count(*)::int as visitors,
          round((percentile_cont(0.5) within group (order by ms))::numeric)::float8 as "medianMs"
        from (select distinct on (who) extract(epoch from at - start) * 1000 as ms from c${at} order by who, at, start desc) f`,
    );
    const { rows } = await this.sql.query<{ visitors: number; medianMs: number | null }>(
      `with e as materialized (select ${WHO} as who, event_type, occurred_at from analytics.events
         where tenant_id = $1 and app_id = $2 and ${WHO} is not null),
       ${chains.join(',\n')} ${reached.join(' union all ')} order by step`,
      [tenantId, appId, from, to, `${windowMs} milliseconds`, steps],
    );
    return rows.map(({ visitors, medianMs }) => ({ visitors, medianMs }));
  }

  /**
   * Cohorts of local days or weeks (from Monday): whose first start lies in them, and how many of those came back so many days or
   * weeks later. Only what is not nought.
   */
  async retention(
    { tenantId, appId, from, to }: Asked,
    timeZone: string,
    unit: 'day' | 'week',
    { startEvent, returnEvent }: { startEvent?: string; returnEvent?: string } = {},
  ): Promise<{ cohort: string; period: number; visitors: number }[]> {
    const { rows } = await this.sql.query<{ cohort: string; period: number; visitors: number }>(
      `with e as (select ${WHO} as who, event_type, occurred_at,
           date_trunc($6, occurred_at at time zone $5)::date as unit
         from analytics.events where tenant_id = $1 and app_id = $2 and ${WHO} is not null),
       started as (select who, min(unit) as cohort from e where occurred_at >= $3 and occurred_at < $4
         and ($7::text is null or event_type = $7) group by who),
       came as (select who, cohort, 0 as period from started
         union select who, cohort, (unit - cohort) / case $6 when 'week' then 7 else 1 end
         from started join e using (who) where unit > cohort and ($8::text is null or event_type = $8))
       select to_char(cohort, 'YYYY-MM-DD') as cohort, period, count(*)::int as visitors from came group by 1, 2 order by 1, 2`,
      [tenantId, appId, from, to, timeZone, unit, startEvent, returnEvent],
    );
    return rows;
  }

  private async rows<T>(text: string, asked: Asked, ...more: unknown[]): Promise<T[]> {
    const { tenantId, appId, from, to, eventType, metadata = {} } = asked;
    const params = [tenantId, appId, from, to, eventType, JSON.stringify(metadata), ...more];
    return (await this.sql.query(text, params)).rows as T[];
  }
}

export interface OracleVisit {
  /** The hash that the raw store has; only to be compared. */
  visitor: string;
  started_at: Date;
  ended_at: Date;
  user_id: string | null;
  events: number;
  page_views: number;
  entry_url: string | null;
  exit_url: string | null;
  referrer: string | null;
  device: string | null;
  country: string | null;
}

const VISITS = `
with e as (
  select *, ${WHO} as who from analytics.events where tenant_id = $1 and app_id = $2 and ${WHO} is not null
), marked as (
  select *, case when occurred_at - lag(occurred_at) over w < interval '30 minutes' then 0 else 1 end as begins
  from e window w as (partition by who order by occurred_at)
), numbered as (
  select *, sum(begins) over (partition by who order by occurred_at rows unbounded preceding) as number from marked
), bounded as (
  select *, min(occurred_at) over v as first, max(occurred_at) over v as last from numbered window v as (partition by who, number)
)
select min(visitor)::text as visitor, first as started_at, last as ended_at, min(user_id) as user_id, count(*)::int as events,
  (count(*) filter (where event_type = 'page_view'))::int as page_views,
  min(url collate "C") filter (where occurred_at = first) as entry_url,
  min(url collate "C") filter (where occurred_at = last) as exit_url,
  min(referrer collate "C") filter (where occurred_at = first) as referrer,
  min(device collate "C") filter (where occurred_at = first) as device,
  min(country collate "C") filter (where occurred_at = first) as country
from bounded where first >= $3 and first < $4
group by who, number, first, last order by first, visitor`;
