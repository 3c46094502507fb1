import { RawEventView } from '../../application/raw/event.reader';

/** A row of analytics.events, as pg reads it. */
export interface EventRow {
  event_id: string;
  event_type: string;
  timestamp: Date;
  occurred_at: Date;
  received_at: Date;
  source: string;
  visitor: string | null;
  user_id: string | null;
  device_id: string | null;
  session_id: string | null;
  seq: string | null;
  url: string | null;
  referrer: string | null;
  device: string | null;
  browser: string | null;
  os: string | null;
  country: string | null;
  context: Record<string, unknown>;
  user_agent: Record<string, unknown>;
  metadata: Record<string, unknown>;
  version: string | null;
}

export const EVENT_COLUMNS = `event_id, event_type, "timestamp", occurred_at, received_at, source, visitor, user_id, device_id, session_id,
  seq, url, referrer, device, browser, os, country, context, user_agent, metadata, version`;

/** Where an event stands among those of its instant, too. */
export const PLACE = {
  columns: '(occurred_at, event_id, "timestamp")',
  of: ([occurredAt, eventId, timestamp]: readonly string[]): string =>
    `(${occurredAt}::timestamptz, ${eventId}::uuid, ${timestamp}::timestamptz)`,
};

export function eventView(row: EventRow): RawEventView {
  return {
    eventId: row.event_id,
    eventType: row.event_type,
    timestamp: row.timestamp,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    source: row.source,
    visitor: row.visitor,
    userId: row.user_id,
    deviceId: row.device_id,
    sessionId: row.session_id,
    seq: row.seq === null ? null : Number(row.seq),
    url: row.url,
    referrer: row.referrer,
    device: row.device,
    browser: row.browser,
    os: row.os,
    country: row.country,
    context: row.context,
    userAgent: row.user_agent,
    metadata: row.metadata,
    version: row.version,
  };
}
