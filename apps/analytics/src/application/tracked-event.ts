import { TenantId } from '@libs/kernel';

/** An accepted event as the log tells of it, and whose it is. */
export interface TrackedEvent {
  tenantId: TenantId;
  /** UUID. */
  eventId: string;
  eventType: string;
  /** The client's clock. This, `occurredAt` and `receivedAt` are RFC 3339 UTC with milliseconds. */
  timestamp: string;
  /** When it happened by our clock: what reports are about. */
  occurredAt: string;
  receivedAt: string;
  source: 'sdk' | 'track';
  appId: string;
  userId?: string;
  deviceId?: string;
  sessionId?: string;
  seq?: number;
  context: { url?: string; referrer?: string };
  device: { kind: string; browser: string; os: string };
  country?: string;
  properties: Record<string, unknown>;
  version?: string;
}
