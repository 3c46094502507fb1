import { TenantId } from '@libs/kernel';
import { RolledEvent } from '../../domain/rolled-event';

/** A raw event, as far as reports want it. */
export interface RawRow {
  event_id: string;
  timestamp: Date;
  event_type: string;
  occurred_at: Date;
  visitor: number | null;
  session: number | null;
  user_id: string | null;
  device: string | null;
  browser: string | null;
  os: string | null;
  country: string | null;
  referrer: string | null;
  url: string | null;
}

// 52 bits are a whole number in JavaScript, too
export const RAW_COLUMNS = `event_id, "timestamp", event_type, occurred_at, visitor::float8 as visitor, session::float8 as session,
  user_id, device, browser, os, country, referrer, url`;

export function rolledOfRow(tenantId: TenantId, appId: string, row: RawRow): RolledEvent {
  return {
    tenantId,
    appId,
    eventId: row.event_id,
    timestamp: row.timestamp.toISOString(),
    eventType: row.event_type,
    occurredAt: row.occurred_at.toISOString(),
    visitor: row.visitor ?? undefined,
    session: row.session ?? undefined,
    userId: row.user_id ?? undefined,
    device: row.device ?? undefined,
    browser: row.browser ?? undefined,
    os: row.os ?? undefined,
    country: row.country ?? undefined,
    referrer: row.referrer ?? undefined,
    url: row.url ?? undefined,
  };
}
