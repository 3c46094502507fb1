import { Injectable } from '@nestjs/common';
import { Conditions } from '@libs/database';
import { ReportTransaction } from '../../application/report-transaction';
import { ReportSql } from './report-sql';
import { TenantId } from '@libs/kernel';
import { EventReader, RawEventView } from '../../application/raw/event.reader';
import { ActivityPlace } from '../../application/raw/person.reader';
import { EVENT_COLUMNS, EventRow, eventView, PLACE } from './event-rows';

interface Range {
  from: Date;
  to: Date;
}

/** For exports: type after type, so that the index on types gives every page in order and none reads what another read. */
@Injectable()
export class PostgresEventReader extends EventReader {
  constructor(
    private readonly transaction: ReportTransaction,
    private readonly sql: ReportSql,
  ) {
    super();
  }

  async typeAfter(
    tenantId: TenantId,
    appId: string,
    range: Range,
    type: string | undefined,
  ): Promise<string | undefined> {
    const conditions = within(tenantId, appId, range).where((last) => `event_type > ${last}`, type);
    const [row] = await this.read<{ event_type: string }>(
      tenantId,
      `select event_type from analytics.events where ${conditions.sql} order by event_type limit 1`,
      conditions.params,
    );
    return row?.event_type;
  }

  async page(
    tenantId: TenantId,
    appId: string,
    { type, ...range }: Range & { type: string },
    after: ActivityPlace | undefined,
    most: { events: number; bytes: number },
  ): Promise<RawEventView[]> {
    const conditions = within(tenantId, appId, range)
      .where((of) => `event_type = ${of}`, type)
      .where((from) => `occurred_at >= ${from}::timestamptz`, after?.occurredAt ?? range.from)
      .where((to) => `occurred_at < ${to}::timestamptz`, range.to)
      .where(
        (...place) => `${PLACE.columns} > ${PLACE.of(place)}`,
        ...(after ? [after.occurredAt, after.eventId, after.timestamp] : [undefined]),
      );
    const [limit, bytes] = [conditions.place(most.events), conditions.place(most.bytes)];
    // what comes before a row decides whether it still has room, so the first one always has
    const rows = await this.read<EventRow>(
      tenantId,
      `select ${EVENT_COLUMNS} from (
         select piece.*, sum(${SENT_BYTES}) over (${ORDER} rows between unbounded preceding and 1 preceding) as before
         from (select * from analytics.events where ${conditions.sql} ${ORDER} limit ${limit}) as piece
       ) as measured where before is null or before < ${bytes}::bigint ${ORDER}`,
      conditions.params,
    );
    return rows.map(eventView);
  }

  private read<Row extends object>(
    tenantId: TenantId,
    sql: string,
    params: readonly unknown[],
  ): Promise<Row[]> {
    return this.transaction.runFor([tenantId], async () => {
      await this.sql.query(`select set_config('statement_timeout', '30s', true)`);
      return this.sql.query<Row>(sql, params);
    });
  }
}

const ORDER = 'order by occurred_at, event_id, "timestamp"';
const SENT_BYTES =
  'octet_length(context::text) + octet_length(user_agent::text) + octet_length(metadata::text)';

// occurred_at is never further than 31 days from "timestamp", which says which months to look in.
function within(tenantId: TenantId, appId: string, { from, to }: Range): Conditions {
  return new Conditions()
    .where((tenant) => `tenant_id = ${tenant}`, tenantId)
    .where((app) => `app_id = ${app}`, appId)
    .where((first) => `"timestamp" >= ${first}::timestamptz - interval '32 days'`, from)
    .where((end) => `"timestamp" < ${end}::timestamptz + interval '32 days'`, to);
}
