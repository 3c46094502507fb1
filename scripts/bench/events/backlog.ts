import { randomUUID } from 'node:crypto';
import { topics, TrackedEventsV1, TrackedEventV1 } from '@libs/contracts';
import { newId, OutgoingMessage } from '@libs/kernel';
import { eventPublisher, MessagingSettings } from '@libs/messaging';
import { Chance } from '../analytics/chance';
import { eventsOf, Mix } from './event-mix';

const TENANTS = 20;
const PER_MESSAGE = 10;
const PER_PUBLICATION = 500;
const SPREAD_MS = 90 * 86_400_000;
const VISITORS = 60_000;
/** For each message, how often one that was sent before comes again beside it: a fifth of all. */
const RESENT = 0.25;
const CRITICAL = ['transfer_completed', 'payment_completed'];

/** What a collector puts on the log at once. */
interface Accepted {
  tenantId: string;
  lane: number;
  events: TrackedEventV1[];
}

/** Puts accepted events on the log, as collectors would; of strangers, unless tenants and their applications are given. Answers how many of them are critical. */
export async function fillLog(
  settings: MessagingSettings,
  events: number,
  mix: Mix,
  tenants: readonly (readonly [tenantId: string, appId: string])[] = strangers(),
): Promise<number> {
  let critical = 0;
  function* accepted(): Generator<Accepted> {
    for (let browser = 0; browser * PER_MESSAGE < events; browser += 1) {
      const [tenantId, appId] = tenants[browser % tenants.length] as readonly [string, string];
      const told = eventsOf(mix, PER_MESSAGE, browser).map((event) => tracked(event as Told, appId));
      critical += told.filter(({ eventType }) => CRITICAL.includes(eventType)).length;
      yield { tenantId, lane: browser % 16, events: told };
    }
  }
  await putOnLog(settings, accepted());
  return critical;
}

/**
 * The same events, each at a time of its own within 90 days and of one of 60,000 visitors; a fifth of what is sent came before, up to
 * the whole time ago.
 */
export async function fillLogSpread(settings: MessagingSettings, events: number): Promise<void> {
  const tenants = strangers();
  const now = Date.now();
  const chance = new Chance(1);
  function* accepted(): Generator<Accepted> {
    const sent: Accepted[] = [];
    while (sent.length * PER_MESSAGE < events) {
      if (sent.length > 0 && chance.happens(RESENT)) yield chance.oneOf(sent);
      const [tenantId, appId] = tenants[sent.length % tenants.length] as readonly [string, string];
      const told = eventsOf('believable', PER_MESSAGE, sent.length).map((event) => {
        const timestamp = new Date(now - chance.below(SPREAD_MS)).toISOString();
        const userId = `visitor-${chance.below(VISITORS)}`;
        return { ...tracked(event as Told, appId), timestamp, occurredAt: timestamp, userId };
      });
      const message = { tenantId, lane: sent.length % 16, events: told };
      sent.push(message);
      yield message;
    }
  }
  await putOnLog(settings, accepted());
}

async function putOnLog(settings: MessagingSettings, messages: Iterable<Accepted>): Promise<void> {
  const publisher = eventPublisher(settings);
  let pending: OutgoingMessage[] = [];
  for (const { tenantId, lane, events } of messages) {
    const payload: TrackedEventsV1 = { events };
    const envelope = {
      id: newId(),
      type: topics.events,
      version: 1,
      tenantId,
      occurredAt: new Date().toISOString(),
      requestId: newId(),
      payload,
    };
    pending.push({ key: `${tenantId}:${lane}`, value: JSON.stringify(envelope) });
    if (pending.length === PER_PUBLICATION) {
      await publisher.publish(topics.events, pending);
      pending = [];
    }
  }
  await publisher.publish(topics.events, pending);
  await publisher.close();
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
