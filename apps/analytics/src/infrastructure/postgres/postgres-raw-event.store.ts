import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, storableJson, storableText, textArray } from '@libs/database';
import { MonthlyPartitions } from '@libs/kernel';
import { inserting } from '@libs/tracked-events';
import { RawEvent, RawEventStore } from '../../application/raw-event.store';

const COLUMNS = `tenant_id, event_id, "timestamp", app_id, event_type, occurred_at, received_at, user_id, device_id, session_id,
  visitor, session, seq, source, device, browser, os, country, referrer, url, version`;

// JSON travels as one array: within an array literal every quote of it would be escaped here and read twice there. Which ones were
// new is only told where some were not, which is rare.
const INSERT = `
with new as (
  insert into analytics.events (${COLUMNS}, context, user_agent, metadata)
  select ${COLUMNS}, context, user_agent, metadata::jsonb
  from rows from (
    unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[],
      $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::text[], $16::text[], $17::text[],
      $18::text[], $19::text[], $20::text[], $21::text[]),
    json_array_elements($22::json), json_array_elements($23::json), json_array_elements($24::json)
  ) as row (${COLUMNS}, context, user_agent, metadata)
  on conflict (tenant_id, event_id, "timestamp") do nothing
  returning tenant_id, event_id, "timestamp"
)
select count(*)::int as stored, case when count(*) < $25 then
  array_agg(tenant_id::text || event_id::text || (extract(epoch from "timestamp") * 1000)::bigint) end as keys
from new`;

@Injectable()
export class PostgresRawEventStore extends RawEventStore {
  constructor(
    private readonly sql: SqlSession,
    private readonly partitions: MonthlyPartitions,
  ) {
    super();
  }

  async add(events: readonly RawEvent[]): Promise<readonly RawEvent[]> {
    const values = [...columnsOf(events), events.length];
    const [row] = await inserting(this.partitions, () =>
      this.sql.query<{ stored: number; keys: string[] | null }>(INSERT, values),
    );
    if (row?.stored === events.length) return events;
    const keys = new Set(row?.keys ?? []);
    return events.filter(({ event }) =>
      keys.has(event.tenantId + event.eventId + Date.parse(event.timestamp)),
    );
  }
}

function columnsOf(rows: readonly RawEvent[]): string[] {
  const events = rows.map(({ event }) => event);
  const rolled = rows.map((row) => row.rolled);
  return [
    plainArray(events.map(({ tenantId }) => tenantId)),
    plainArray(events.map(({ eventId }) => eventId)),
    plainArray(events.map(({ timestamp }) => timestamp)),
    plainArray(events.map(({ appId }) => appId)),
    textArray(events.map(({ eventType }) => storableText(eventType))),
    plainArray(events.map(({ occurredAt }) => occurredAt)),
    plainArray(events.map(({ receivedAt }) => receivedAt)),
    textArray(events.map(({ userId }) => storableText(userId))),
    textArray(events.map(({ deviceId }) => storableText(deviceId))),
    textArray(events.map(({ sessionId }) => storableText(sessionId))),
    plainArray(rolled.map(({ visitor }) => visitor)),
    plainArray(rolled.map(({ session }) => session)),
    plainArray(events.map(({ seq }) => seq)),
    plainArray(events.map(({ source }) => source)),
    textArray(rolled.map(({ device }) => device)),
    textArray(rolled.map(({ browser }) => browser)),
    textArray(rolled.map(({ os }) => os)),
    textArray(rolled.map(({ country }) => country)),
    textArray(rolled.map(({ referrer }) => referrer)),
    textArray(rolled.map(({ url }) => url)),
    textArray(events.map(({ version }) => storableText(version))),
    storableJson(events.map(({ context }) => context)),
    storableJson(events.map(({ device }) => device)),
    storableJson(events.map(({ properties }) => properties)),
  ];
}
