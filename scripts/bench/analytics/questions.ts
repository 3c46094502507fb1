import { dayAfter } from '../../../apps/analytics/src/domain/local-time';

/** From the first day to the last, in the tenant's zone. */
export interface Days {
  first: string;
  last: string;
}

/** Something that a dashboard asks, and the same asked of the raw events in plain SQL. */
export interface Question {
  name: string;
  days: number;
  path: string;
  /** Of p95, uncached. */
  aimMs?: number;
  /** Goes through raw events or sessions: asked less often here. */
  heavy?: boolean;
  raw?: {
    /** $1 tenant, $2 application, $3 and $4 the instants between which the period lies. */
    sql: string;
    /** The number in its first row's `told`, which must be the same in the answer. */
    told: (answer: Answer) => number | undefined;
    /** A count that the answer may only estimate, and the SQL's exact `estimated`. */
    estimated?: (answer: Answer) => number | undefined;
  };
}

/** As much of the answers as is compared. */
export interface Answer {
  totals?: { events: number; users: { count: number } };
  total?: number;
  points?: { count: number }[];
  events?: number;
  sessions?: number;
  values?: { events: number }[];
  steps?: { visitors: number }[];
  cohorts?: { visitors: number }[];
}

const ZONE = 'America/Sao_Paulo';
const OF_APP = 'from analytics.events where tenant_id = $1 and app_id = $2';
const IN_TIME = 'occurred_at >= $3 and occurred_at < $4';
const STEPS = ['page_view', 'login', 'transfer_initiated', 'transfer_confirmed', 'transfer_completed'];

const TOTALS = `select count(*) as told, count(distinct visitor) as estimated, count(distinct session) ${OF_APP} and ${IN_TIME}`;

function byTime(unit: 'day' | 'hour'): string {
  return `select (sum(events) over ())::bigint as told, * from (
  select date_trunc('${unit}', occurred_at at time zone '${ZONE}') as at, count(*) as events, count(distinct visitor), count(distinct session)
  ${OF_APP} and ${IN_TIME} group by 1 order by 1) as counted`;
}

function top(column: string): string {
  return `select count(*) as told, ${column} ${OF_APP} and event_type = 'page_view' and ${IN_TIME} group by ${column} order by 1 desc limit 10`;
}

// As people write it: of each visitor the first step's first time, then the next step's first time after that.
const FUNNEL = `with ${STEPS.map((step, at) =>
  at === 0
    ? `step_0 as (select visitor, min(occurred_at) as start, min(occurred_at) as at ${OF_APP} and event_type = '${step}' and ${IN_TIME} group by 1)`
    : `step_${at} as (select e.visitor, start, min(occurred_at) as at from analytics.events e join step_${at - 1} s on s.visitor = e.visitor
  where tenant_id = $1 and app_id = $2 and event_type = '${step}' and occurred_at > s.at and occurred_at <= start + interval '7 days' group by 1, 2)`,
).join(', ')}
${STEPS.map((_, at) => `select count(*) as told from step_${at}`).join(' union all ')}`;

const RETENTION = `with seen as (select distinct visitor, (occurred_at at time zone '${ZONE}')::date as day ${OF_APP} and ${IN_TIME}),
  cohorts as (select visitor, min(day) as first from seen group by 1)
select count(distinct visitor) as told from cohorts union all
select count(*) from seen join cohorts using (visitor) where day > first and day <= first + 7 group by first, day`;

const SESSIONS = `select count(*) filter (where occurred_at >= $3 and (before is null or occurred_at - before >= interval '30 minutes')) as told from (
  select occurred_at, lag(occurred_at) over (partition by visitor order by occurred_at) as before
  ${OF_APP} and visitor is not null and occurred_at >= $3::timestamptz - interval '1 day' and occurred_at < $4) as walked`;

export const QUESTIONS: readonly Question[] = [
  {
    name: 'summary of 30 days',
    days: 30,
    path: 'events/summary',
    aimMs: 20,
    raw: {
      sql: TOTALS,
      told: ({ totals }) => totals?.events,
      estimated: ({ totals }) => totals?.users.count,
    },
  },
  { name: 'summary of 30 days by country', days: 30, path: 'events/summary?breakdown=country', aimMs: 50 },
  { name: 'summary of 30 days beside the 30 before', days: 30, path: 'events/summary?compare=previous' },
  {
    name: 'summary of 13 weeks',
    days: 91,
    path: 'events/summary',
    raw: {
      sql: TOTALS,
      told: ({ totals }) => totals?.events,
      estimated: ({ totals }) => totals?.users.count,
    },
  },
  {
    name: 'timeline of 30 days by day',
    days: 30,
    path: 'events/timeline?interval=day',
    aimMs: 30,
    raw: { sql: byTime('day'), told: ({ total }) => total },
  },
  {
    name: 'timeline of 7 days by hour',
    days: 7,
    path: 'events/timeline?interval=hour',
    aimMs: 30,
    raw: { sql: byTime('hour'), told: ({ total }) => total },
  },
  {
    name: 'top 10 pages of 30 days',
    days: 30,
    path: 'pages',
    aimMs: 50,
    raw: { sql: top('url'), told: ({ values }) => values?.[0]?.events },
  },
  {
    name: 'top 10 referrers of 30 days',
    days: 30,
    path: 'referrers',
    aimMs: 50,
    raw: { sql: top("coalesce(referrer, '')"), told: ({ values }) => values?.[0]?.events },
  },
  { name: 'overview of the application', days: 30, path: 'apps/:appId/overview' },
  {
    name: 'sessions of 30 days',
    days: 30,
    path: 'sessions',
    heavy: true,
    raw: { sql: SESSIONS, told: ({ sessions }) => sessions },
  },
  {
    name: 'retention of 30 days by day',
    days: 30,
    path: 'retention?cohort=day',
    heavy: true,
    raw: { sql: RETENTION, told: ({ cohorts }) => cohorts?.reduce((sum, { visitors }) => sum + visitors, 0) },
  },
  {
    name: 'funnel of 5 steps over 30 days',
    days: 30,
    path: `funnel?steps=${STEPS.join()}&window=7d`,
    aimMs: 1_000,
    heavy: true,
    raw: { sql: FUNNEL, told: ({ steps }) => steps?.[0]?.visitors },
  },
];

/** @param before how many days before the last one its period ends */
export function daysOf({ days }: Question, lastDay: string, before: number): Days {
  const last = dayAfter(lastDay, -before);
  return { first: dayAfter(last, 1 - days), last };
}

export function pathOf({ path }: Question, appId: string, { first, last }: Days): string {
  if (path.includes(':appId')) return `/api/v1/analytics/${path.replace(':appId', appId)}`;
  return `/api/v1/analytics/${path}${path.includes('?') ? '&' : '?'}startDate=${first}&endDate=${last}`;
}
