import { TenantId } from '@libs/kernel';

export interface EventsByType {
  eventType: string;
  events: number;
  lastAt: Date;
}

export interface ValueCount {
  value: string;
  events: number;
}

/** What an application knows of one person. */
export interface PersonProfile {
  /** Of all that is kept, whatever the period. */
  firstSeen: Date;
  lastSeen: Date;
  /** The rest is of the period. */
  events: number;
  byType: EventsByType[];
  /** Sessions that began in it, with their time from first to last event. */
  sessions: { count: number; meanMs: number | null; lastStartedAt: Date | null };
  devices: ValueCount[];
  browsers: ValueCount[];
  countries: ValueCount[];
  /** The last ones viewed, newest first, each once. */
  lastPages: { url: string; at: Date }[];
}

export interface ActivityView {
  eventId: string;
  eventType: string;
  /** The client's clock. */
  timestamp: Date;
  occurredAt: Date;
  receivedAt: Date;
  source: string;
  deviceId: string | null;
  sessionId: string | null;
  seq: number | null;
  url: string | null;
  referrer: string | null;
  device: string | null;
  browser: string | null;
  os: string | null;
  country: string | null;
  metadata: Record<string, unknown>;
}

/** An event's id may be sent with several times, so a place says which one. */
export interface ActivityPlace {
  occurredAt: Date;
  eventId: string;
  timestamp: Date;
}

export interface ActivityFilter {
  from: Date;
  to: Date;
  eventType?: string;
}

export abstract class PersonReader {
  /** Undefined where the application never saw the person. @throws ReportTooHeavy */
  abstract profile(
    tenantId: TenantId,
    appId: string,
    userId: string,
    period: { from: Date; to: Date },
  ): Promise<PersonProfile | undefined>;

  /** Newest first by (occurredAt, eventId, timestamp). @throws ReportTooHeavy */
  abstract activity(
    tenantId: TenantId,
    appId: string,
    userId: string,
    filter: ActivityFilter,
    after: ActivityPlace | undefined,
    limit: number,
  ): Promise<ActivityView[]>;
}
