import { newId, TenantId } from '@libs/kernel';
import { ReceivedEvent } from '@libs/tracked-events';
import { aTrackedEvent } from './tracked-event.builder';

/** The same numbers for the same seed, in [0, below): mulberry32. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export const TYPES = [
  'page_view',
  'click',
  'form_submit',
  'transfer_initiated',
  'transfer_completed',
  'heartbeat',
];
const PAGES = ['/', '/planos', '/transferencia?passo=1', '/pedido/1071', '/pedido/2093/', undefined];
const REFERRERS = [
  undefined,
  'https://www.google.com/search?q=pix',
  'https://bing.com',
  'https://loja.example/',
];
const KINDS = ['desktop', 'mobile', 'tablet', 'bot'] as const;
const BROWSERS = ['Chrome', 'Firefox', 'Safari', 'Other'];
const COUNTRIES = ['BR', 'BR', 'BR', 'PT', undefined];
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

export interface Traffic {
  seed: number;
  tenantId: TenantId;
  appIds: readonly string[];
  /** Events are spread from here on, denser within the hours around `turn`. */
  from: Date;
  days: number;
  turn: Date;
  events: number;
}

/** Events as a platform has them: people, devices and strangers; clocks that are off; many in one millisecond. */
export function generatedEvents({
  seed,
  tenantId,
  appIds,
  from,
  days,
  turn,
  events,
}: Traffic): ReceivedEvent[] {
  const random = seeded(seed);
  const one = <T>(of: readonly T[]): T => of[random(of.length)] as T;
  const anywhere = () => from.getTime() + random(days * 24 * 60) * MINUTE;
  // few instants around the turn, on the edges of hours and quarters of them
  const nearTurn = () => turn.getTime() + (random(24) - 12) * 15 * MINUTE + one([-1, 0, 0, 1, 7 * MINUTE]);
  const visit = { at: anywhere(), left: 0, who: 0 };
  return Array.from({ length: events }, () => {
    if (visit.left-- <= 0)
      Object.assign(visit, {
        at: random(3) === 0 ? nearTurn() : anywhere(),
        left: random(8),
        who: random(60),
      });
    else visit.at += one([0, 1, 20_000, 5 * MINUTE, 29 * MINUTE, 30 * MINUTE - 1, 30 * MINUTE]);
    const { at, who } = visit;
    const occurredAt = new Date(at).toISOString();
    const page = one(PAGES);
    return aTrackedEvent({
      tenantId,
      appId: one(appIds),
      eventId: newId(),
      eventType: TYPES[Math.min(random(TYPES.length), random(TYPES.length + 2))] ?? 'page_view',
      timestamp: new Date(
        at + one([0, 0, 0, 0, 0, -3 * MINUTE, 26 * 60 * MINUTE, -30 * DAY, 30 * DAY]),
      ).toISOString(),
      occurredAt,
      receivedAt: occurredAt,
      // the same text as user and as device is two visitors; who signs in half-way is two, too
      userId: who < 30 && random(10) > 0 ? `pessoa-${who}` : undefined,
      deviceId: who < 55 ? `pessoa-${who % 40}` : undefined,
      sessionId: who < 59 ? `sessao-${who}-${random(3)}` : undefined,
      context: { url: page && `https://loja.example${page}`, referrer: one(REFERRERS) },
      device: {
        kind: one(KINDS),
        family: 'Other',
        browser: one(BROWSERS),
        os: one(['Windows', 'Android']),
        bot: false,
      },
      country: one(COUNTRIES),
      properties: {
        plan: one(['pro', 'free']),
        step: random(3),
        trial: random(2) === 0,
        nested: { a: random(2) },
      },
    });
  });
}

/**
 * As the log brings them: in batches, most of them nearly in order, some very late, many twice, and one event's id sent again with
 * another timestamp, which makes it another event.
 */
export function asTheLogBringsThem(events: readonly ReceivedEvent[], seed: number): ReceivedEvent[][] {
  const random = seeded(seed);
  const told = events.flatMap((event) => {
    const again = random(10) === 0 ? [{ ...event }] : [];
    const twin = { ...event, timestamp: new Date(Date.parse(event.timestamp) + 1).toISOString() };
    return [event, ...again, ...(random(40) === 0 ? [twin] : [])];
  });
  const placed = told.map((event) => ({
    event,
    place: Date.parse(event.occurredAt) + (random(12) === 0 ? random(40 * 24 * 60) : random(90)) * MINUTE,
  }));
  placed.sort((a, b) => a.place - b.place);
  const batches: ReceivedEvent[][] = [];
  while (placed.length > 0)
    batches.push(placed.splice(0, 1 + random(250)).map(({ event }) => structuredClone(event)));
  return batches;
}
