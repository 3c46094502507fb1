import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, storableText, textArray } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { RejectionStore } from '../../application/rejections/rejection-store';
import { KeptRejection, REJECTIONS_KEPT } from '../../domain/kept-rejection';

const INSERT = `
with added as (
  insert into events.rejected_event (tenant_id, id, event_id, event_type, code, message, stage, source, app_id, user_id,
    received_at, sent_at, event, bytes)
  select *, octet_length(event)
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[],
    $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[])
    as given (tenant_id, id, event_id, event_type, code, message, stage, source, app_id, user_id, received_at, sent_at, event)
  order by tenant_id, id
  on conflict (tenant_id, id) do nothing
  returning 1
)
select count(*)::int as added from added`;

// From the newest on, until one of the two measures is full.
const TRIM = `
with kept as (
  select tenant_id, id, row_number() over newest as place, sum(bytes) over newest as total
  from events.rejected_event where tenant_id = any($1::uuid[])
  window newest as (partition by tenant_id order by received_at desc, id desc)
), gone as (
  delete from events.rejected_event r using kept k
  where r.tenant_id = k.tenant_id and r.id = k.id and (k.place > $2 or k.total > $3)
  returning 1
)
select count(*)::int as gone from gone`;

@Injectable()
export class PostgresRejectionStore extends RejectionStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(rejections: readonly KeptRejection[]): Promise<number> {
    const text = (column: (of: KeptRejection) => string | undefined) =>
      textArray(rejections.map((rejection) => storableText(column(rejection))));
    const [row] = await this.sql.query<{ added: number }>(INSERT, [
      plainArray(rejections.map(({ tenantId }) => tenantId)),
      plainArray(rejections.map(({ rejectionId }) => rejectionId)),
      plainArray(rejections.map(({ eventId }) => eventId)),
      text(({ eventType }) => eventType),
      text(({ code }) => code),
      text(({ message }) => message),
      text(({ stage }) => stage),
      text(({ source }) => source),
      plainArray(rejections.map(({ appId }) => appId)),
      text(({ userId }) => userId),
      plainArray(rejections.map(({ receivedAt }) => receivedAt)),
      plainArray(rejections.map(({ sentAt }) => sentAt)),
      text(({ event }) => event),
    ]);
    return row?.added ?? 0;
  }

  async trim(tenantIds: readonly TenantId[]): Promise<number> {
    const { rows, bytes } = REJECTIONS_KEPT;
    const [row] = await this.sql.query<{ gone: number }>(TRIM, [tenantIds, rows, bytes]);
    return row?.gone ?? 0;
  }

  async purge(most: number): Promise<number> {
    const [row] = await this.sql.query<{ gone: number }>('select events.purge_rejected_events($1) as gone', [
      most,
    ]);
    return row?.gone ?? 0;
  }
}
