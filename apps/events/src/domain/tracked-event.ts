import { TenantId } from '@libs/kernel';

/** Where an event came in: the SDK's form, or the short one of `/events/track`. */
export type EventSource = 'sdk' | 'track';

export interface EventContext {
  url?: string;
  referrer?: string;
  ip?: string;
  userAgent?: string;
  screenWidth?: number;
  screenHeight?: number;
  viewportWidth?: number;
  viewportHeight?: number;
  timezone?: string;
  locale?: string;
}

/** What the user agent says of itself. */
export interface Device {
  kind: 'desktop' | 'mobile' | 'tablet' | 'tv' | 'bot' | 'other';
  family: string;
  browser: string;
  browserVersion?: string;
  os: string;
  osVersion?: string;
  bot: boolean;
}

/** What a client told, in one form whatever it was sent in; amounts are decimal strings. Not yet freed of personal data. */
export interface ToldEvent {
  /** Lower-case UUID; made by the collector where `/events/track` got none. */
  eventId: string;
  eventType: string;
  /** The client's clock, RFC 3339 UTC with milliseconds. Part of the key that decides what is a duplicate. */
  timestamp: string;
  source: EventSource;
  userId?: string;
  deviceId?: string;
  sessionId?: string;
  seq?: number;
  context: EventContext;
  properties: Record<string, unknown>;
  version?: string;
  /** The client told no time: `timestamp` only tells the event from others, and it happened when it came. */
  untimed?: true;
}

/** An accepted event: freed of personal data and enriched. What travels on the topic `events`. */
export interface TrackedEvent extends Omit<ToldEvent, 'untimed'> {
  /** When it happened by our clock; never later than `receivedAt`. */
  occurredAt: string;
  receivedAt: string;
  appId: string;
  device: Device;
  country?: string;
}

/** An event that was taken from the log, with whose it is. */
export interface LoggedEvent extends TrackedEvent {
  tenantId: TenantId;
}

/** Why one event of a request was not accepted; the others of the request are not touched by it. */
export interface Rejection {
  /** Its place in the request. */
  index: number;
  eventId?: string;
  eventType?: string;
  /** Stable snake_case. */
  code: string;
  /** For the developer who sent it; quotes names and types, never values that a person typed. */
  message: string;
}
