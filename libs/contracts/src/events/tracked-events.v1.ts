/**
 * Tracked events that the collector accepted: validated, freed of personal data, enriched. Topic `events`. One message carries
 * 1–100 events of one tenant and one lane (devices share lanes), so that a batch of a browser is one message.
 */
export interface TrackedEventsV1 {
  events: TrackedEventV1[];
}

export interface TrackedEventV1 {
  /** UUID of the client's making, lower case. With the tenant and `timestamp` it says which event this is, for ever. */
  eventId: string;
  /** One of the 19 types, or any snake_case name from `/events/track`. */
  eventType: string;
  /** The client's clock, as it was sent: RFC 3339 UTC with milliseconds. */
  timestamp: string;
  /** When it happened by our clock: `timestamp` without the client's skew, never later than `receivedAt`. */
  occurredAt: string;
  /** When the collector had it. */
  receivedAt: string;
  source: 'sdk' | 'track';
  /** The application of the API key; the tenant's default one where a person's token sent it. */
  appId: string;
  userId?: string;
  deviceId?: string;
  sessionId?: string;
  /** Grows by one with each event of a session. */
  seq?: number;
  context: EventContextV1;
  device: EventDeviceV1;
  /** ISO 3166-1 alpha-2, of the sender's address. */
  country?: string;
  /** Amounts are decimal strings with two places. */
  properties: Record<string, unknown>;
  /** Of the event's form, as the client says. */
  version?: string;
}

export interface EventContextV1 {
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

/** What the user agent says of itself, by the rules of uap-core. */
export interface EventDeviceV1 {
  kind: 'desktop' | 'mobile' | 'tablet' | 'tv' | 'bot' | 'other';
  /** `iPhone`, `Samsung SM-G991B`; `Other` where unknown. */
  family: string;
  browser: string;
  browserVersion?: string;
  os: string;
  osVersion?: string;
  bot: boolean;
}

export const trackedEventsV1Example: TrackedEventsV1 = {
  events: [
    {
      eventId: '550e8400-e29b-41d4-a716-446655440000',
      eventType: 'transfer_completed',
      timestamp: '2025-11-26T10:30:00.000Z',
      occurredAt: '2025-11-26T10:30:00.000Z',
      receivedAt: '2025-11-26T10:30:00.123Z',
      source: 'sdk',
      appId: '019a2b3c-0000-7000-8000-00000000000a',
      userId: '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11',
      deviceId: '3f1b7a0e-2f6d-4a50-8a6b-5b7f6f0f2a77',
      sessionId: '0c5c2a7e-7c0e-4a56-9d59-1d0a5b0a9c21',
      seq: 42,
      context: {
        url: 'https://app.moneyflow.com/transfer',
        referrer: 'https://google.com',
        ip: '192.168.1.1',
        userAgent:
          'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
        screenWidth: 1920,
        screenHeight: 1080,
        viewportWidth: 1200,
        viewportHeight: 800,
        timezone: 'America/Sao_Paulo',
        locale: 'pt-BR',
      },
      device: {
        kind: 'desktop',
        family: 'Other',
        browser: 'Chrome',
        browserVersion: '131',
        os: 'Windows',
        osVersion: '10',
        bot: false,
      },
      country: 'BR',
      properties: { amount: '150.50', currency: 'BRL', to_account: '****1234', transfer_type: 'pix' },
      version: '1.0.0',
    },
  ],
};
