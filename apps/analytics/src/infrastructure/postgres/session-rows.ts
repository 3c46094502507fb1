import { TenantId } from '@libs/kernel';
import { Visit } from '../../domain/visit';

export interface SessionRow {
  tenant_id: TenantId;
  app_id: string;
  visitor: number;
  started_at: Date;
  ended_at: Date;
  user_id: string | null;
  events: number;
  page_views: number;
  entry_url: string | null;
  exit_url: string | null;
  referrer: string | null;
  device: string | null;
  country: string | null;
}

// 52 bits are a whole number in JavaScript, too
export const SESSION_COLUMNS = `tenant_id, app_id, visitor::float8 as visitor, started_at, ended_at, user_id, events, page_views,
  entry_url, exit_url, referrer, device, country`;

export function visitOfRow(row: SessionRow): Visit {
  return {
    tenantId: row.tenant_id,
    appId: row.app_id,
    visitor: row.visitor,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at.toISOString(),
    events: row.events,
    pageViews: row.page_views,
    userId: row.user_id ?? undefined,
    entryUrl: row.entry_url ?? undefined,
    exitUrl: row.exit_url ?? undefined,
    referrer: row.referrer ?? undefined,
    device: row.device ?? undefined,
    country: row.country ?? undefined,
  };
}
