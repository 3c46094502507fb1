import { createHash } from 'node:crypto';

const DAY_MS = 86_400_000;
/** Clients were offline for up to so long; always within the months that are kept. */
const OLDEST_DAYS = 20;
const BATCH = 50;
/** Of all sends: one in five repeats what was sent before. */
const RESENT = 0.2;

export interface PlannedEvent {
  event_id: string;
  event_type: string;
  timestamp: string;
  user: { user_id: string; device_id: string };
  session: { session_id: string; seq: number };
  context: { url: string };
  properties: Record<string, unknown>;
}

/** What must be in the stores when all has been acknowledged; money in cents. */
export interface Expected {
  events: number;
  critical: number;
  expenses: bigint;
  income: bigint;
  notifications: number;
  /** Rows of the raw store, and what its quarters of an hour add up to. */
  raw: number;
  rolledUp: number;
}

/**
 * A million events need no million objects: each is made from its number and the seed, the same whenever it is asked for.
 * Seven in ten are critical, one makes a notification, two leave no row.
 */
export class EventPlan {
  private readonly prefix: string;

  private constructor(
    readonly events: number,
    private readonly seed: number,
    private readonly now: number,
  ) {
    const digest = createHash('sha256').update(`event plan ${seed} ${now}`).digest('hex');
    this.prefix = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(12, 15)}-8${digest.slice(15, 18)}`;
  }

  static of({
    events,
    seed = 1,
    now = Date.now(),
  }: {
    events: number;
    seed?: number;
    now?: number;
  }): EventPlan {
    return new EventPlan(events, seed, now);
  }

  event(index: number): PlannedEvent {
    const noise = mixed(this.seed, index);
    const person = `${this.prefix}-${(noise % 997).toString(16).padStart(12, '0')}`;
    const { event_type, properties } = deed(index, noise);
    return {
      event_id: `${this.prefix}-${index.toString(16).padStart(12, '0')}`,
      event_type,
      timestamp: new Date(this.now - (noise % (OLDEST_DAYS * DAY_MS))).toISOString(),
      user: { user_id: person, device_id: person },
      session: { session_id: person, seq: index },
      context: { url: 'https://app.moneyflow.example/transferir' },
      properties,
    };
  }

  /** Which planned event has this id; undefined for one that is not of this plan. */
  indexOf(eventId: string): number | undefined {
    if (!eventId.startsWith(`${this.prefix}-`)) return undefined;
    const index = Number.parseInt(eventId.slice(-12), 16);
    return index < this.events ? index : undefined;
  }

  /** Requests in their order. A repeated event travels with others than before, at any time after, and may overtake. */
  *deliveries(): Generator<PlannedEvent[]> {
    let sent = 0;
    for (let turn = 0; sent < this.events; turn += 1) {
      const noise = mixed(this.seed ^ 0x5eed, turn);
      if (sent > 0 && noise % 1_000 < RESENT * 1_000) {
        yield Array.from({ length: BATCH }, (_, k) => this.event(mixed(noise, k) % sent));
        continue;
      }
      const size = Math.min(BATCH, this.events - sent);
      yield Array.from({ length: size }, (_, k) => this.event(sent + k));
      sent += size;
    }
  }

  expected(): Expected {
    const expected: Expected = {
      events: this.events,
      critical: 0,
      expenses: 0n,
      income: 0n,
      notifications: 0,
      raw: this.events,
      rolledUp: this.events,
    };
    for (let index = 0; index < this.events; index += 1) {
      const { event_type, properties } = deed(index, mixed(this.seed, index));
      if (event_type === 'budget_exceeded') expected.notifications += 1;
      if (!event_type.endsWith('_completed')) continue;
      expected.critical += 1;
      const cents = BigInt(String(properties['amount']).replace('.', ''));
      if (properties['direction'] === 'in') expected.income += cents;
      else expected.expenses += cents;
    }
    return expected;
  }
}

function deed(index: number, noise: number): Pick<PlannedEvent, 'event_type' | 'properties'> {
  const amount = `${noise % 5_000}.${String(1 + (noise % 99)).padStart(2, '0')}`;
  switch (index % 10) {
    case 0:
    case 1:
      return { event_type: 'page_view', properties: { path: '/transferir' } };
    case 2:
      return { event_type: 'budget_exceeded', properties: { category: 'Lazer', limit_amount: '500.00' } };
    case 3:
    case 4:
      return { event_type: 'payment_completed', properties: { amount, payment_method: 'card' } };
    case 5:
      return { event_type: 'transfer_completed', properties: { amount, direction: 'in' } };
    default:
      return { event_type: 'transfer_completed', properties: { amount, transfer_type: 'pix' } };
  }
}

/** A number from two, below 2^32, that looks like chance (the finaliser of MurmurHash3, public domain). */
function mixed(seed: number, index: number): number {
  let h = Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
