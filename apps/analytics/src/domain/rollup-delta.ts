import { TenantId } from '@libs/kernel';
import { QuarterValues } from './quarter-values';
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
  /** What they say of each dimension; not told of all types. */
  values?: QuarterValues;
}

/** What the events of one application add up to. Its maps are in no order. */
export interface AppDelta {
  tenantId: TenantId;
  appId: string;
  /** By type and bucket; those of all types, too. */
  quarters: Map<string, QuarterDelta>;
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

class Adding {
  private readonly quarters = new Map<string, QuarterDelta>();
  private readonly byType = new Map<string, Map<string, QuarterDelta>>();
  private newest = '';

  constructor(
    private readonly tenantId: TenantId,
    private readonly appId: string,
  ) {}

  add(event: RolledEvent): void {
    const bucket = quarterOf(event.occurredAt);
    const quarter = this.quarter(event.eventType, bucket);
    count(quarter, event);
    quarter.values?.add(event);
    count(this.quarter(ALL_TYPES, bucket), event);
    if (event.occurredAt > this.newest) this.newest = event.occurredAt;
  }

  result(): AppDelta {
    const { tenantId, appId, quarters, newest } = this;
    const days = new Set(Array.from(quarters.values(), ({ bucket }) => bucket.slice(0, 10)));
    return { tenantId, appId, quarters, days: [...days].sort(), newest };
  }

  private quarter(eventType: string, bucket: string): QuarterDelta {
    let ofType = this.byType.get(eventType);
    if (!ofType) this.byType.set(eventType, (ofType = new Map<string, QuarterDelta>()));
    let quarter = ofType.get(bucket);
    if (!quarter) ofType.set(bucket, (quarter = this.newQuarter(eventType, bucket)));
    return quarter;
  }

  private newQuarter(eventType: string, bucket: string): QuarterDelta {
    const quarter = {
      appId: this.appId,
      eventType,
      bucket,
      events: 0,
      users: UniqueSketch.empty(),
      sessions: UniqueSketch.empty(),
      values: eventType === ALL_TYPES ? undefined : new QuarterValues(),
    };
    this.quarters.set(`${eventType} ${bucket}`, quarter);
    return quarter;
  }
}

function count(quarter: QuarterDelta, { visitor, session }: RolledEvent): void {
  quarter.events += 1;
  if (visitor !== undefined) quarter.users.add(visitor);
  if (session !== undefined) quarter.sessions.add(session);
}
