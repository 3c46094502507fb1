import { Injectable } from '@nestjs/common';
import { RollupQuestion } from '../../application/reports/rollup.reader';
import { ALL_TYPES } from '../../domain/rollup-delta';
import { BUILT_AND_GAPS } from './built-days.sql';
import { ReportSql } from './report-sql';

/** Of so many days the quarters can always be read. */
const HARMLESS_DAYS = 3;
const DAY_MS = 86_400_000;

// octet_length knows how long a sketch is without reading it
const COST = `with ${BUILT_AND_GAPS}
select coalesce(sum(q.bytes), 0)::bigint as bytes from gaps g cross join lateral (
  select octet_length(users) + octet_length(sessions) as bytes from analytics.quarter_rollup
  where tenant_id = $1 and app_id = $2 and event_type = $6 and bucket >= g.since and bucket < g.until offset 0) q
where (select sum(until - since) from gaps) > interval '${HARMLESS_DAYS} days'`;

/** What a question costs whose days are not made, or not any more: it is read from their quarters, of which a day has 96. */
@Injectable()
export class RollupReadingCost {
  constructor(private readonly sql: ReportSql) {}

  /** Bytes of sketches, in the open transaction. @param zone of the days that may be read; '' for none */
  async of({ tenantId, appId, period, eventType }: RollupQuestion, zone: string): Promise<number> {
    if (period.to.getTime() - period.from.getTime() <= HARMLESS_DAYS * DAY_MS) return 0;
    const [row] = await this.sql.query<{ bytes: string }>(COST, [
      tenantId,
      appId,
      period.from,
      period.to,
      zone,
      eventType ?? ALL_TYPES,
    ]);
    return Number(row?.bytes ?? 0);
  }
}
