import { plainArray, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { AlertCounts } from '../../application/alerts/alert-counts';
import { Counted, Metric } from '../../domain/alert-rule';
import { startOf } from '../../domain/alert-window';
import { PreviewTooHeavy } from '../../domain/alert.errors';
import { QUARTER } from '../../domain/local-time';
import { ALL_TYPES } from '../../domain/rollup-delta';
import { slidingUniques } from '../../domain/sliding-uniques';
import { UniqueSketch } from '../../domain/unique-sketch';

/** Of sketches that one preview may go through. */
const MOST_BYTES = 16 * 1024 * 1024;
const MINUTES_PER_QUARTER = 15;

type Within = <T>(tenantId: TenantId, work: () => Promise<T>) => Promise<T>;

/** From the quarters of an hour: what they say has been exact, or merged without loss, since the events were stored. */
export class PostgresAlertCounts extends AlertCounts {
  /** @param within the transaction to read in; the open one, unless it is given */
  constructor(
    private readonly sql: SqlSession,
    private readonly within: Within = (_, work) => work(),
  ) {
    super();
  }

  firstEvent(tenantId: TenantId, appId: string): Promise<number | undefined> {
    return this.within(tenantId, async () => {
      const [row] = await this.sql.query<{ bucket: Date }>(
        `select bucket from analytics.quarter_rollup where tenant_id = $1 and app_id = $2 and event_type = '${ALL_TYPES}'
         order by bucket limit 1`,
        [tenantId, appId],
      );
      return row?.bucket.getTime();
    });
  }

  of(
    tenantId: TenantId,
    counted: Counted,
    windowMinutes: number,
    ends: readonly number[],
  ): Promise<number[]> {
    return this.within(tenantId, async () => {
      if (counted.metric === 'events') return this.eventsOf(tenantId, counted, windowMinutes, ends);
      const counts: number[] = [];
      // one window after the other: its sketches may be megabytes
      for (const end of ends) {
        const from = startOf(end, windowMinutes);
        const union = UniqueSketch.empty();
        for (const { sketch } of await this.sketches(tenantId, counted, counted.metric, from, end))
          union.merge(sketch);
        counts.push(union.count);
      }
      return counts;
    });
  }

  sliding(
    tenantId: TenantId,
    counted: Counted,
    windowMinutes: number,
    from: number,
    to: number,
  ): Promise<number[]> {
    const since = startOf(from, windowMinutes);
    const width = windowMinutes / MINUTES_PER_QUARTER;
    return this.within(tenantId, () =>
      counted.metric === 'events'
        ? this.slidingEvents(tenantId, counted, width, since, to)
        : this.slidingUniques(tenantId, counted, counted.metric, width, since, to),
    );
  }

  private async eventsOf(
    tenantId: TenantId,
    { appId, eventType }: Counted,
    windowMinutes: number,
    ends: readonly number[],
  ): Promise<number[]> {
    const rows = await this.sql.query<{ events: string }>(
      `select coalesce(counted.events, 0)::text as events
       from unnest($4::timestamptz[], $5::timestamptz[]) with ordinality as "window" (since, until, place)
       left join lateral (
         select sum(q.events) as events from analytics.quarter_rollup q
         where q.tenant_id = $1 and q.app_id = $2 and q.event_type = $3 and q.bucket >= "window".since and q.bucket < "window".until
       ) counted on true
       order by place`,
      [
        tenantId,
        appId,
        eventType ?? ALL_TYPES,
        plainArray(ends.map((end) => isoOf(startOf(end, windowMinutes)))),
        plainArray(ends.map(isoOf)),
      ],
    );
    return rows.map(({ events }) => Number(events));
  }

  private async slidingEvents(
    tenantId: TenantId,
    { appId, eventType }: Counted,
    width: number,
    since: number,
    to: number,
  ): Promise<number[]> {
    const rows = await this.sql.query<{ bucket: Date; events: string }>(
      `select bucket, events from analytics.quarter_rollup
       where tenant_id = $1 and app_id = $2 and event_type = $3 and bucket >= $4 and bucket < $5`,
      [tenantId, appId, eventType ?? ALL_TYPES, new Date(since), new Date(to)],
    );
    const places = (to - since) / QUARTER;
    const upTo = new Float64Array(places + 1);
    for (const { bucket, events } of rows) upTo[(bucket.getTime() - since) / QUARTER + 1] = Number(events);
    for (let place = 1; place <= places; place += 1)
      upTo[place] = (upTo[place] ?? 0) + (upTo[place - 1] ?? 0);
    return Array.from(
      { length: places - width + 1 },
      (_, place) => (upTo[place + width] ?? 0) - (upTo[place] ?? 0),
    );
  }

  private async slidingUniques(
    tenantId: TenantId,
    counted: Counted,
    metric: Exclude<Metric, 'events'>,
    width: number,
    since: number,
    to: number,
  ): Promise<number[]> {
    const [row] = await this.sql.query<{ bytes: string | null }>(
      `select sum(octet_length(${metric})) as bytes from analytics.quarter_rollup
       where tenant_id = $1 and app_id = $2 and event_type = $3 and bucket >= $4 and bucket < $5`,
      [tenantId, counted.appId, counted.eventType ?? ALL_TYPES, new Date(since), new Date(to)],
    );
    if (Number(row?.bytes ?? 0) > MOST_BYTES) throw new PreviewTooHeavy();
    const found = await this.sketches(tenantId, counted, metric, since, to);
    const byPlace = new Map(found.map(({ bucket, sketch }) => [(bucket - since) / QUARTER, sketch]));
    const counts: number[] = [];
    for (const block of slidingUniques((place) => byPlace.get(place), (to - since) / QUARTER, width)) {
      counts.push(...block);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return counts;
  }

  private async sketches(
    tenantId: TenantId,
    { appId, eventType }: Counted,
    metric: Exclude<Metric, 'events'>,
    since: number,
    until: number,
  ): Promise<{ bucket: number; sketch: UniqueSketch }[]> {
    const rows = await this.sql.query<{ bucket: Date; sketch: string }>(
      `select bucket, encode(${metric}, 'base64') as sketch from analytics.quarter_rollup
       where tenant_id = $1 and app_id = $2 and event_type = $3 and bucket >= $4 and bucket < $5`,
      [tenantId, appId, eventType ?? ALL_TYPES, new Date(since), new Date(until)],
    );
    return rows.map(({ bucket, sketch }) => ({
      bucket: bucket.getTime(),
      sketch: UniqueSketch.of(Buffer.from(sketch, 'base64')),
    }));
  }
}

function isoOf(instant: number): string {
  return new Date(instant).toISOString();
}
