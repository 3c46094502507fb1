import { Injectable } from '@nestjs/common';
import { Conditions } from '@libs/database';
import { ReportTransaction } from '../../application/report-transaction';
import { ReportSql } from './report-sql';
import { TenantId } from '@libs/kernel';
import {
  SessionFilter,
  SessionPlace,
  SessionReader,
  SessionReport,
  SessionTotals,
  SessionView,
} from '../../application/raw/session.reader';
import { HeavyReading } from './heavy-reading';
import { SessionRow } from './session-rows';

interface ReportRow extends SessionTotals {
  url: string | null;
}

/** As a page of the list has it: the visitor is only compared, and told. */
type ListedRow = Omit<SessionRow, 'tenant_id' | 'app_id' | 'visitor'> & { visitor: string };

/** Every query names its tenant; row-level security would hold without it. */
@Injectable()
export class PostgresSessionReader extends SessionReader {
  constructor(
    private readonly reading: HeavyReading,
    private readonly transaction: ReportTransaction,
    private readonly sql: ReportSql,
  ) {
    super();
  }

  async report(
    tenantId: TenantId,
    appId: string,
    filter: SessionFilter,
    pages: number,
  ): Promise<SessionReport> {
    const conditions = conditionsOf(tenantId, appId, filter);
    const rows = await this.reading.run(tenantId, () =>
      this.sql.query<ReportRow>(reportSql(conditions, conditions.place(pages)), conditions.params),
    );
    const [{ url: _, ...totals } = NOTHING, ...entries] = rows;
    const entryPages = entries.map(({ url, sessions, withPages, bounces, meanMs }) => ({
      url: url ?? '',
      sessions,
      withPages,
      bounces,
      meanMs: meanMs ?? 0,
    }));
    const entered = entryPages.reduce((sum, { sessions }) => sum + sessions, 0);
    return { ...totals, entryPages, remainder: totals.sessions - entered };
  }

  async list(
    tenantId: TenantId,
    appId: string,
    filter: SessionFilter,
    after: SessionPlace | undefined,
    limit: number,
  ): Promise<SessionView[]> {
    const conditions = conditionsOf(tenantId, appId, filter).where(
      (startedAt, visitor) => `(started_at, visitor) < (${startedAt}::timestamptz, ${visitor}::bigint)`,
      after?.startedAt,
      after?.visitor,
    );
    const most = conditions.place(limit);
    const read = () =>
      this.sql.query<ListedRow>(
        `select ${COLUMNS} from analytics.sessions where ${conditions.sql} order by started_at desc, visitor desc limit ${most}`,
        conditions.params,
      );
    // a rare device, or one that nobody has, is looked for among all sessions of the period
    const isSearch = filter.device !== undefined || filter.country !== undefined;
    const rows = await (isSearch
      ? this.reading.run(tenantId, read)
      : this.transaction.runFor([tenantId], read));
    return rows.map(viewOf);
  }
}

const COLUMNS =
  'visitor, started_at, ended_at, user_id, events, page_views, entry_url, exit_url, referrer, device, country';
const NOTHING = {
  url: null,
  sessions: 0,
  withPages: 0,
  bounces: 0,
  pageViews: 0,
  meanMs: null,
  medianMs: null,
};

function conditionsOf(tenantId: TenantId, appId: string, filter: SessionFilter): Conditions {
  return new Conditions()
    .where((tenant) => `tenant_id = ${tenant}`, tenantId)
    .where((app) => `app_id = ${app}`, appId)
    .where((from) => `started_at >= ${from}::timestamptz`, filter.from)
    .where((to) => `started_at < ${to}::timestamptz`, filter.to)
    .where((user) => `user_id = ${user}`, filter.userId)
    .where((device) => `device = ${device}`, filter.device)
    .where((country) => `country = ${country}`, filter.country);
}

/** The totals first, then the entry pages: all of one snapshot. */
function reportSql(conditions: Conditions, pages: string): string {
  return `with visits as materialized (
  select entry_url, page_views, extract(epoch from ended_at - started_at)::float8 * 1000 as ms
  from analytics.sessions where ${conditions.sql}),
totals as (select null::text as url, ${FIGURES}, percentile_cont(0.5) within group (order by ms) as "medianMs" from visits),
entries as (select entry_url as url, ${FIGURES}, null::float8 as "medianMs" from visits where entry_url is not null
  group by entry_url order by sessions desc, url limit ${pages})
select * from totals union all (select * from entries order by sessions desc, url)`;
}

const FIGURES = `count(*)::int as sessions, (count(*) filter (where page_views > 0))::int as "withPages",
  (count(*) filter (where page_views = 1))::int as bounces, coalesce(sum(page_views), 0)::float8 as "pageViews", avg(ms) as "meanMs"`;

function viewOf(row: ListedRow): SessionView {
  return {
    visitor: row.visitor,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    userId: row.user_id,
    events: row.events,
    pageViews: row.page_views,
    entryUrl: row.entry_url,
    exitUrl: row.exit_url,
    referrer: row.referrer,
    device: row.device,
    country: row.country,
  };
}
