import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, storableJson, storableText, textArray } from '@libs/database';
import { MonthlyPartitions } from '@libs/kernel';
import { inserting } from '@libs/tracked-events';
import { CriticalEvent, EventStore } from '../../application/event-store';

// Both tables in one round trip; each by its own key, so that neither depends on what the other has. JSON travels as one array:
// within an array literal every quote of it would be escaped here and read twice there.
const INSERT = `
with event as (
  insert into events.user_events (tenant_id, event_id, "timestamp", event_type, user_id, device_id, session_id, seq, app_id,
    source, occurred_at, received_at, country, context, device, properties, version)
  select tenant_id, event_id, "timestamp", event_type, user_id, device_id, session_id, seq, app_id, source, occurred_at,
    received_at, country, context, device, properties::jsonb, version
  from rows from (
    unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::uuid[],
      $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::text[]),
    json_array_elements($15::json), json_array_elements($16::json), json_array_elements($17::json)
  ) as row (tenant_id, event_id, "timestamp", event_type, user_id, device_id, session_id, seq, app_id, source, occurred_at,
    received_at, country, version, context, device, properties)
  on conflict (tenant_id, event_id, "timestamp") do nothing
  returning 1
), transaction as (
  insert into events.transactions (tenant_id, event_id, "timestamp", user_id, type, amount, currency, description, category_id,
    occurred_at)
  select * from unnest($18::uuid[], $19::uuid[], $20::timestamptz[], $21::text[], $22::text[], $23::bigint[], $24::text[],
    $25::text[], $26::text[], $27::timestamptz[])
  on conflict (tenant_id, event_id, "timestamp") do nothing
)
select count(*)::int as stored from event`;

@Injectable()
export class PostgresEventStore extends EventStore {
  constructor(
    private readonly sql: SqlSession,
    private readonly partitions: MonthlyPartitions,
  ) {
    super();
  }

  async add(events: readonly CriticalEvent[]): Promise<number> {
    const values = [...eventColumns(events), ...transactionColumns(events)];
    const [row] = await inserting(this.partitions, () => this.sql.query<{ stored: number }>(INSERT, values));
    return row?.stored ?? 0;
  }
}

function eventColumns(critical: readonly CriticalEvent[]): string[] {
  const events = critical.map(({ event }) => event);
  return [
    plainArray(events.map(({ tenantId }) => tenantId)),
    plainArray(events.map(({ eventId }) => eventId)),
    plainArray(events.map(({ timestamp }) => timestamp)),
    plainArray(events.map(({ eventType }) => eventType)),
    textArray(events.map(({ userId }) => storableText(userId))),
    textArray(events.map(({ deviceId }) => storableText(deviceId))),
    textArray(events.map(({ sessionId }) => storableText(sessionId))),
    plainArray(events.map(({ seq }) => seq)),
    textArray(events.map(({ appId }) => appId)),
    plainArray(events.map(({ source }) => source)),
    plainArray(events.map(({ occurredAt }) => occurredAt)),
    plainArray(events.map(({ receivedAt }) => receivedAt)),
    textArray(events.map(({ country }) => storableText(country))),
    textArray(events.map(({ version }) => storableText(version))),
    storableJson(events.map(({ context }) => context)),
    storableJson(events.map(({ device }) => device)),
    storableJson(events.map(({ properties }) => properties)),
  ];
}

function transactionColumns(critical: readonly CriticalEvent[]): string[] {
  const rows = critical.flatMap(({ event, transaction }) => (transaction ? [{ event, transaction }] : []));
  return [
    plainArray(rows.map(({ event }) => event.tenantId)),
    plainArray(rows.map(({ event }) => event.eventId)),
    plainArray(rows.map(({ event }) => event.timestamp)),
    textArray(rows.map(({ event }) => storableText(event.userId))),
    plainArray(rows.map(({ transaction }) => transaction.type)),
    plainArray(rows.map(({ transaction }) => transaction.amount.cents)),
    textArray(rows.map(({ transaction }) => storableText(transaction.currency))),
    textArray(rows.map(({ transaction }) => storableText(transaction.description))),
    textArray(rows.map(({ transaction }) => storableText(transaction.categoryId))),
    plainArray(rows.map(({ event }) => event.occurredAt)),
  ];
}
