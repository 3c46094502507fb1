import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { AppKey } from '../../application/rollup.store';
import { SpanStore } from '../../application/span.store';
import { MadeDay, MadeSpan, SpanKey } from '../../domain/spans';
import { UniqueSketch } from '../../domain/unique-sketch';
import {
  FORGET_SPAN,
  HALVES_ARE_GOOD,
  halvesSql,
  KEEP_SPAN,
  KEEP_SPAN_ROLLUP,
  keepDimensionsSql,
  spansLock,
} from './span-rows.sql';

interface Half {
  event_type: string;
  events: string;
  users: string;
  sessions: string;
}

const OF_ZONE = 'tenant_id = $1 and app_id = $2 and time_zone = $3';

@Injectable()
export class PostgresSpanStore extends SpanStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async days({ tenantId, appId }: AppKey, timeZone: string): Promise<MadeDay[]> {
    const rows = await this.sql.query<{ day: string; made: string }>(
      `select day::text, made from analytics.day_built where ${OF_ZONE}`,
      [tenantId, appId, timeZone],
    );
    return rows.map(({ day, made }) => ({ day, made: BigInt(made) }));
  }

  async built({ tenantId, appId }: AppKey, timeZone: string): Promise<MadeSpan[]> {
    const rows = await this.sql.query<{ days: number; first: string; made: string; made_at: Date }>(
      `select days, first_day::text as first, made::text, made_at from analytics.span_built where ${OF_ZONE}`,
      [tenantId, appId, timeZone],
    );
    return rows.map(({ made_at, made, ...key }) => ({ ...key, made: BigInt(made), madeAt: made_at }));
  }

  async build(
    { tenantId, appId }: AppKey,
    timeZone: string,
    { days, first, made }: SpanKey & { made: bigint },
    at: Date,
  ): Promise<boolean> {
    const key = [tenantId, appId, timeZone, days, first];
    const [halves] = await this.sql.query<{ good: boolean | null }>(HALVES_ARE_GOOD, [
      ...key,
      made.toString(),
      spansLock(tenantId, appId),
    ]);
    if (!halves?.good) return false;
    // Days may be made again from here on. What is read of them is then newer than `made` says, and the span is not good.
    await this.sql.query(FORGET_SPAN, key);
    await this.keepRollups(key, days);
    await this.sql.query(keepDimensionsSql(days), key);
    await this.sql.query(KEEP_SPAN, [...key, made.toString(), at]);
    return true;
  }

  private async keepRollups(key: unknown[], days: number): Promise<void> {
    const halves = await this.sql.query<Half>(halvesSql(days), key);
    for (const [type, rows] of Map.groupBy(halves, ({ event_type }) => event_type)) {
      const [users, sessions] = [UniqueSketch.empty(), UniqueSketch.empty()];
      let events = 0;
      for (const row of rows) {
        events += Number(row.events);
        users.merge(sketchOf(row.users));
        sessions.merge(sketchOf(row.sessions));
      }
      await this.sql.query(KEEP_SPAN_ROLLUP, [...key, type, events, users.toBytes(), sessions.toBytes()]);
    }
  }
}

function sketchOf(base64: string): UniqueSketch {
  return UniqueSketch.of(Buffer.from(base64, 'base64'));
}
