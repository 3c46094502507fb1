import { Injectable } from '@nestjs/common';
import { ReportSql } from './report-sql';
import { TenantId } from '@libs/kernel';
import { FunnelReader } from '../../application/raw/funnel.reader';
import { Funnel, StepReached } from '../../domain/funnel';
import { HeavyReading } from './heavy-reading';

/**
 * Step by step, without a join: the starts that live on and the next step's events, sorted by visitor and time; the latest start
 * so far is the one that leaves a later event the most time. Only what is reached goes on, so every step sorts less.
 */
@Injectable()
export class PostgresFunnelReader extends FunnelReader {
  constructor(
    private readonly reading: HeavyReading,
    private readonly sql: ReportSql,
  ) {
    super();
  }

  async read(
    tenantId: TenantId,
    appId: string,
    { steps, windowMs }: Funnel,
    { from, to }: { from: Date; to: Date },
  ): Promise<StepReached[]> {
    const params = funnelParams(tenantId, appId, { steps, windowMs }, { from, to });
    const rows = await this.reading.run(tenantId, () =>
      this.sql.query<{ step: number; visitors: number; median: number | null }>(
        funnelSql(steps.length),
        params,
      ),
    );
    return rows.map(({ visitors, median }) => ({
      visitors,
      medianMs: median === null ? null : Math.round(median),
    }));
  }
}

const DAY = 86_400_000;

/**
 * $1 tenant, $2 application, $3 and $4 the period, $5 the window, $6 until when later steps may come, $7 and $8 what "timestamp" lies
 * between (occurred_at is never further than 31 days from it), from $9 on the steps. Reckoned here, as SQL would for every row.
 */
export function funnelParams(
  tenantId: TenantId,
  appId: string,
  { steps, windowMs }: Funnel,
  { from, to }: { from: Date; to: Date },
): string[] {
  const until = to.getTime() + windowMs;
  const times = [until, from.getTime() - 32 * DAY, until + 32 * DAY].map((ms) => new Date(ms).toISOString());
  return [
    tenantId,
    appId,
    from.toISOString(),
    to.toISOString(),
    `${windowMs} milliseconds`,
    ...times,
    ...steps,
  ];
}

export function funnelSql(steps: number): string {
  const later = Array.from({ length: steps - 1 }, (_, at) => at + 2);
  const reached = later.map((step) => `step_${step} as materialized (${stepSql(step)})`);
  return `with ${reached.join(',\n')}
select 1 as step, count(*)::int as visitors, case when count(*) > 0 then 0::float8 end as median
from (select visitor from ${eventsSql(1)} group by visitor) as starters
${later.map((step) => `union all\n${countSql(step)}`).join('\n')}
order by step`;
}

function eventsSql(step: number): string {
  return `(select visitor, occurred_at from analytics.events where tenant_id = $1 and app_id = $2 and event_type = $${step + 8}
  and occurred_at >= $3 and occurred_at < ${step === 1 ? '$4' : '$6'} and visitor is not null
  and "timestamp" >= $7 and "timestamp" < $8) as of_type_${step}`;
}

// Only visitors who may get there are sorted. An event of the step sorts before a start of the same instant, and so does not see it.
function stepSql(step: number): string {
  const starts =
    step === 2
      ? `select visitor, occurred_at as at, occurred_at as start from ${eventsSql(1)}
  where visitor in (select visitor from ${eventsSql(2)})`
      : `select visitor, at, start from step_${step - 1}`;
  const ofThem = step === 2 ? '' : `where visitor in (select visitor from step_${step - 1})`;
  return `select visitor, at, latest as start from (
  select visitor, at, start, max(start) over (partition by visitor order by at, start nulls first rows unbounded preceding) as latest
  from (${starts} union all select visitor, occurred_at, null from ${eventsSql(step)} ${ofThem}) as both_steps) as seen
where start is null and at <= latest + $5::interval`;
}

function countSql(step: number): string {
  return `select ${step}, count(*)::int, percentile_cont(0.5) within group (order by took)
from (select distinct on (visitor) extract(epoch from at - start)::float8 * 1000 as took from step_${step} order by visitor, at) as first_${step}`;
}
