import { storableJson, storableText } from '@libs/database';
import { TrackedEvent } from '../../../apps/analytics/src/application/tracked-event';
import { RolledEvent } from '../../../apps/analytics/src/domain/rolled-event';

/** In the order of `rawLine`. */
export const RAW_COLUMNS = `tenant_id, event_id, "timestamp", app_id, event_type, occurred_at, received_at, user_id, device_id,
  session_id, visitor, session, seq, source, device, browser, os, country, referrer, url, version, context, user_agent, metadata`;

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A row of analytics.events as COPY reads it: the same values that the consumer's INSERT takes. */
export function rawLine(event: TrackedEvent, rolled: RolledEvent): string {
  return (
    `${event.tenantId}\t${event.eventId}\t${event.timestamp}\t${event.appId}\t${text(event.eventType)}\t` +
    `${event.occurredAt}\t${event.receivedAt}\t${text(event.userId)}\t${text(event.deviceId)}\t${text(event.sessionId)}\t` +
    `${rolled.visitor ?? '\\N'}\t${rolled.session ?? '\\N'}\t${event.seq ?? '\\N'}\t${event.source}\t` +
    `${text(rolled.device)}\t${text(rolled.browser)}\t${text(rolled.os)}\t${text(rolled.country)}\t` +
    `${text(rolled.referrer)}\t${text(rolled.url)}\t${text(event.version)}\t` +
    `${json(event.context)}\t${json(event.device)}\t${json(event.properties)}\n`
  );
}

function text(value: string | undefined): string {
  return value === undefined ? '\\N' : escaped(storableText(value) as string);
}

function json(value: object): string {
  return escaped(storableJson(value));
}

function escaped(value: string): string {
  return value.replace(SPECIAL, (special) => ESCAPED[special] as string);
}
