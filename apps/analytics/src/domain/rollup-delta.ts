import { TenantId } from '@libs/kernel';
import { Dimension, DIMENSIONS } from './dimensions';
import { RolledEvent } from './rolled-event';
import { UniqueSketch } from './unique-sketch';

export const QUARTER_MS = 15 * 60_000;
/** The type that stands for all of them, so that who did two things is counted once. No event has it for a name. */
export const ALL_TYPES = '*';

/** What a quarter of an hour gains in one type of events. */
export interface QuarterDelta {
  appId: string;
  eventType: string;
  /** When it begins: RFC 3339 UTC with milliseconds. */
  bucket: string;
  events: number;
  users: UniqueSketch;
  sessions: UniqueSketch;
}

/** What the values of a dimension gain; '' counts the events that say nothing of it. The sum is that of the quarter's events. */
export interface DimensionDelta {
  eventType: string;
  dimension: Dimension;
  bucket: string;
  values: Map<string, number>;
}

/** What the events of one application add up to. Its maps are in no order. */
export interface AppDelta {
  tenantId: TenantId;
  appId: string;
  /** By type and bucket; those of all types, too. */
  quarters: Map<string, QuarterDelta>;
  /** By type, dimension and bucket; none of all types. */
  dimensions: Map<string, DimensionDelta>;
  /** UTC days, `YYYY-MM-DD`, ascending. */
  days: string[];
  /** Of the newest event, by our clock. */
  newest: string;
}

/** What events change in the rollups: sums and sketches, the same whatever their order. Each event is to be given once. */
export class RollupDelta {
  private constructor(readonly apps: readonly AppDelta[]) {}

  /** Applications come in the order of their keys, in which they are to be locked. */
  static of(events: readonly RolledEvent[]): RollupDelta {
    const apps = new Map<string, Adding>();
    for (const event of events) {
      const key = event.tenantId + event.appId;
      let adding = apps.get(key);
      if (!adding) apps.set(key, (adding = new Adding(event.tenantId, event.appId)));
      adding.add(event);
    }
    const inOrder = [...apps.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    return new RollupDelta(inOrder.map(([, adding]) => adding.result()));
  }
}

/** The beginning of the quarter of an hour an instant is in. */
export function quarterOf(instant: string): string {
  // by text, because dates are dear: minutes 00, 15, 30, 45
  const minute = (instant.charCodeAt(14) - 48) * 10 + instant.charCodeAt(15) - 48;
  return instant.slice(0, 14) + QUARTERS[Math.floor(minute / 15)]!;
}

const QUARTERS = ['00:00.000Z', '15:00.000Z', '30:00.000Z', '45:00.000Z'];

/** A quarter of an hour in one type, and the values of its dimensions in the order of DIMENSIONS. */
interface Cell {
  quarter: QuarterDelta;
  values: Map<string, number>[];
}

class Adding {
  private readonly quarters = new Map<string, QuarterDelta>();
  private readonly dimensions = new Map<string, DimensionDelta>();
  private readonly cells = new Map<string, Map<string, Cell>>();
  private newest = '';

  constructor(
    private readonly tenantId: TenantId,
    private readonly appId: string,
  ) {}

  add(event: RolledEvent): void {
    const bucket = quarterOf(event.occurredAt);
    const { quarter, values } = this.cell(event.eventType, bucket);
    count(quarter, event);
    count(this.cell(ALL_TYPES, bucket).quarter, event);
    for (const [index, counts] of values.entries()) {
      const value = event[DIMENSIONS[index]!] ?? '';
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    if (event.occurredAt > this.newest) this.newest = event.occurredAt;
  }

  result(): AppDelta {
    const { tenantId, appId, quarters, dimensions, newest } = this;
    const days = new Set(Array.from(quarters.values(), ({ bucket }) => bucket.slice(0, 10)));
    return { tenantId, appId, quarters, dimensions, days: [...days].sort(), newest };
  }

  private cell(eventType: string, bucket: string): Cell {
    let ofType = this.cells.get(eventType);
    if (!ofType) this.cells.set(eventType, (ofType = new Map<string, Cell>()));
    let cell = ofType.get(bucket);
    if (!cell) ofType.set(bucket, (cell = this.newCell(eventType, bucket)));
    return cell;
  }

  private newCell(eventType: string, bucket: string): Cell {
    const [users, sessions] = [UniqueSketch.empty(), UniqueSketch.empty()];
    const quarter = { appId: this.appId, eventType, bucket, events: 0, users, sessions };
    this.quarters.set(`${eventType} ${bucket}`, quarter);
    if (eventType === ALL_TYPES) return { quarter, values: [] };
    const values = DIMENSIONS.map((dimension) => {
      const delta = { eventType, dimension, bucket, values: new Map<string, number>() };
      this.dimensions.set(`${eventType} ${dimension} ${bucket}`, delta);
      return delta.values;
    });
    return { quarter, values };
  }
}

function count(quarter: QuarterDelta, { visitor, session }: RolledEvent): void {
  quarter.events += 1;
  if (visitor !== undefined) quarter.users.add(visitor);
  if (session !== undefined) quarter.sessions.add(session);
}
