import { randomUUID } from 'node:crypto';
import { topics, TrackedEventsV1, TrackedEventV1 } from '@libs/contracts';
import { newId, OutgoingMessage } from '@libs/kernel';
import { eventPublisher, MessagingSettings } from '@libs/messaging';
import { eventsOf, Mix } from './event-mix';

const TENANTS = 20;
const PER_MESSAGE = 10;
const PER_PUBLICATION = 500;
const CRITICAL = ['transfer_completed', 'payment_completed'];

/** Puts accepted events on the log, as collectors would; of strangers, unless tenants and their applications are given. Answers how many of them are critical. */
export async function fillLog(
  settings: MessagingSettings,
  events: number,
  mix: Mix,
  tenants: readonly (readonly [tenantId: string, appId: string])[] = strangers(),
): Promise<number> {
  const publisher = eventPublisher(settings);
  let critical = 0;
  let pending: OutgoingMessage[] = [];
  for (let sent = 0; sent < events; sent += PER_MESSAGE) {
    const browser = sent / PER_MESSAGE;
    const [tenantId, appId] = tenants[browser % tenants.length] as readonly [string, string];
    const payload: TrackedEventsV1 = {
      events: eventsOf(mix, PER_MESSAGE, browser).map((told) => tracked(told as Told, appId)),
    };
    critical += payload.events.filter(({ eventType }) => CRITICAL.includes(eventType)).length;
    const envelope = {
      id: newId(),
      type: topics.events,
      version: 1,
      tenantId,
      occurredAt: new Date().toISOString(),
      requestId: newId(),
      payload,
    };
    pending.push({ key: `${tenantId}:${browser % 16}`, value: JSON.stringify(envelope) });
    if (pending.length === PER_PUBLICATION) {
      await publisher.publish(topics.events, pending);
      pending = [];
    }
  }
  await publisher.publish(topics.events, pending);
  await publisher.close();
  return critical;
}

function strangers(): (readonly [string, string])[] {
  return Array.from({ length: TENANTS }, () => [newId(), newId()] as const);
}

interface Told {
  event_type: string;
  timestamp: string;
  user: { user_id: string; device_id: string };
  session: { session_id: string; seq: number };
  context: { url: string; user_agent: string; timezone: string; locale: string };
  properties: Record<string, unknown>;
}

function tracked(
  { event_type, timestamp, user, session, context, properties }: Told,
  appId: string,
): TrackedEventV1 {
  const { url, user_agent, timezone, locale } = context;
  return {
    eventId: randomUUID(),
    eventType: event_type,
    timestamp,
    occurredAt: timestamp,
    receivedAt: new Date().toISOString(),
    source: 'sdk',
    appId,
    userId: user.user_id,
    deviceId: user.device_id,
    sessionId: session.session_id,
    seq: session.seq,
    context: {
      url,
      referrer: 'https://www.google.com/',
      ip: '192.0.2.7',
      userAgent: user_agent,
      screenWidth: 1920,
      screenHeight: 1080,
      viewportWidth: 1200,
      viewportHeight: 800,
      timezone,
      locale,
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
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [
        name,
        name.endsWith('amount') && typeof value === 'number' ? value.toFixed(2) : value,
      ]),
    ),
    version: '1.0.0',
  };
}
