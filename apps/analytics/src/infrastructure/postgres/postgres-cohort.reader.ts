import { Injectable } from '@nestjs/common';
import { ReportSql } from './report-sql';
import { TenantId } from '@libs/kernel';
import { CohortEvents, CohortReader } from '../../application/raw/cohort.reader';
import { Cohorts, Returned } from '../../domain/cohorts';
import { HeavyReading } from './heavy-reading';

interface Row {
  cohort: number;
  bucket: number;
  visitors: number;
}

/**
 * Cohorts and returns in one statement. Of any event the sessions tell as exactly as the events and are far fewer: between two
 * events of a session lie less than 30 minutes, so it has one on every local day from its first to its last.
 */
@Injectable()
export class PostgresCohortReader extends CohortReader {
  constructor(
    private readonly reading: HeavyReading,
    private readonly sql: ReportSql,
  ) {
    super();
  }

  async read(
    tenantId: TenantId,
    appId: string,
    cohorts: Cohorts,
    events: CohortEvents,
  ): Promise<{ sizes: ReadonlyMap<number, number>; returned: Returned[] }> {
    const rows = await this.reading.run(tenantId, () =>
      this.sql.query<Row>(cohortSql(events), cohortParams(tenantId, appId, cohorts, events)),
    );
    const sizes = rows.filter(({ bucket }) => bucket < 0);
    return {
      sizes: new Map(sizes.map(({ cohort, visitors }) => [cohort, visitors])),
      returned: rows.filter(({ bucket }) => bucket >= 0),
    };
  }
}

const DAY = 86_400_000;

/**
 * $1 tenant, $2 application, $3 to $4 the cohorts, $5 the end of the returns, $6 the bounds, $7 how many returns, $8 and $9 what
 * "timestamp" lies between (occurred_at is never further than 31 days from it) where a type is given, then the types.
 */
function cohortParams(
  tenantId: TenantId,
  appId: string,
  { from, to, until, bounds, returns }: Cohorts,
  { startEvent, returnEvent }: CohortEvents,
): unknown[] {
  const types = [startEvent, returnEvent].filter((type) => type !== undefined);
  const months = [from.getTime() - 32 * DAY, until.getTime() + 32 * DAY].map((ms) =>
    new Date(ms).toISOString(),
  );
  return [
    tenantId,
    appId,
    ...[from, to, until].map((time) => time.toISOString()),
    bounds.map((bound) => bound.toISOString()),
    returns,
    ...(types.length > 0 ? months : []),
    ...types,
  ];
}

function cohortSql({ startEvent, returnEvent }: CohortEvents): string {
  const returnType = startEvent === undefined ? '$10' : '$11';
  const starts =
    startEvent === undefined
      ? `select visitor, min(greatest(started_at, $3)) as at from ${sessionsSql('$4')} group by visitor`
      : `select visitor, min(occurred_at) as at from ${eventsSql('$10', '$4')} group by visitor`;
  const returns =
    returnEvent === undefined
      ? `select visitor, generate_series(${bucketSql('greatest(started_at, $3)')}, ${bucketSql("least(ended_at, $5::timestamptz - interval '1 microsecond')")}) as bucket from ${sessionsSql('$5')}`
      : `select visitor, ${bucketSql('occurred_at')} as bucket from ${eventsSql(returnType, '$5')}`;
  return `with starts as materialized (select visitor, ${bucketSql('at')} as cohort from (${starts}) as first_ones),
returns as (select distinct visitor, bucket from (${returns}) as seen)
select cohort, -1 as bucket, count(*)::int as visitors from starts group by cohort
union all
select cohort, bucket, count(*)::int from starts join returns using (visitor)
where bucket > cohort and bucket <= cohort + $7::int group by cohort, bucket`;
}

function bucketSql(at: string): string {
  return `width_bucket(${at}, $6::timestamptz[]) - 1`;
}

function sessionsSql(until: string): string {
  return `(select visitor, started_at, ended_at from analytics.sessions
  where tenant_id = $1 and app_id = $2 and ended_at >= $3 and started_at < ${until}) as visits`;
}

function eventsSql(type: string, until: string): string {
  return `(select visitor, occurred_at from analytics.events
  where tenant_id = $1 and app_id = $2 and event_type = ${type} and occurred_at >= $3 and occurred_at < ${until} and visitor is not null
  and "timestamp" >= $8 and "timestamp" < $9) as of_type`;
}
