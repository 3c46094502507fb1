import { Client } from 'pg';
import { newId, TenantId } from '@libs/kernel';
import { RolledEvent } from '../src/domain/rolled-event';
import { joinVisits } from '../src/domain/visit';

/** An event as the raw store would have it, its ids as they are needed. */
export function aRawEvent(
  event: Partial<RolledEvent> & { tenantId: TenantId; appId: string; occurredAt: string },
): RolledEvent {
  return { eventId: newId(), timestamp: event.occurredAt, eventType: 'page_view', ...event };
}

/** Puts events and their sessions where the worker would put them; rollups are left alone. */
export async function fillRaw(admin: Client, events: readonly RolledEvent[]): Promise<void> {
  const months = [...new Set(events.map(({ timestamp }) => `${timestamp.slice(0, 7)}-01`))];
  await admin.query('select analytics.make_partitions($1::date[])', [months]);
  await admin.query(
    `insert into analytics.events (tenant_id, event_id, "timestamp", app_id, event_type, occurred_at, received_at, user_id, visitor, session,
       source, device, browser, os, country, referrer, url, context, user_agent, metadata)
     select "tenantId", "eventId", "timestamp", "appId", "eventType", "occurredAt", "occurredAt", "userId", visitor, session, 'sdk', device,
       browser, os, country, referrer, url, '{"ip":"192.0.2.7"}', '{"kind":"desktop"}', jsonb_build_object('of', "eventType")
     from json_to_recordset($1::json) as e ("tenantId" uuid, "eventId" uuid, "timestamp" timestamptz, "appId" uuid, "eventType" text,
       "occurredAt" timestamptz, "userId" text, visitor bigint, session bigint, device text, browser text, os text, country text,
       referrer text, url text)`,
    [JSON.stringify(events)],
  );
  const { added } = joinVisits([], events);
  await admin.query(
    `insert into analytics.sessions (tenant_id, app_id, visitor, started_at, ended_at, user_id, events, page_views, entry_url, exit_url,
       referrer, device, country)
     select "tenantId", "appId", visitor, "startedAt", "endedAt", "userId", events, "pageViews", "entryUrl", "exitUrl", referrer, device, country
     from json_to_recordset($1::json) as v ("tenantId" uuid, "appId" uuid, visitor bigint, "startedAt" timestamptz, "endedAt" timestamptz,
       "userId" text, events int, "pageViews" int, "entryUrl" text, "exitUrl" text, referrer text, device text, country text)`,
    [JSON.stringify(added)],
  );
}
