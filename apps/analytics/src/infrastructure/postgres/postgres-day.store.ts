import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession } from '@libs/database';
import { ChangedApp, DayChanged, DayStore } from '../../application/day.store';
import { Tally } from '../../application/reports/rollup.reader';
import { AppKey } from '../../application/rollup.store';
import { BuiltDay, DueDay, TouchedDay } from '../../domain/due-days';
import { UniqueSketch } from '../../domain/unique-sketch';
import { markOfQuarters, TYPES } from './built-days.sql';
import { dayLock, DROP_OTHERS, FORGET_DAY, KEEP_DAY, KEEP_DIMENSIONS, KEEP_ROLLUP } from './day-rows.sql';
import { DROP_OTHER_SPANS } from './span-rows.sql';

const HOUR = 3_600_000;

interface Quarter {
  bucket: Date;
  events: string;
  users: Buffer;
  sessions: Buffer;
}

@Injectable()
export class PostgresDayStore extends DayStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async apps(): Promise<ChangedApp[]> {
    return this.sql.query(
      `select tenant_id as "tenantId", app_id as "appId", seq, changed_at as "changedAt" from analytics.app_state order by changed_at`,
    );
  }

  async touched({ tenantId, appId }: AppKey): Promise<TouchedDay[]> {
    const rows = await this.sql.query<{ day: string; seq: string; changed_at: Date }>(
      'select day::text, seq, changed_at from analytics.touched_day where tenant_id = $1 and app_id = $2',
      [tenantId, appId],
    );
    return rows.map(({ day, seq, changed_at }) => ({ day, seq: BigInt(seq), changedAt: changed_at }));
  }

  async built({ tenantId, appId }: AppKey, timeZone: string): Promise<BuiltDay[]> {
    const rows = await this.sql.query<{ day: string; ends_at: Date; seq: string; made_at: Date }>(
      `select day::text, ends_at, seq, made_at from analytics.day_built where tenant_id = $1 and app_id = $2 and time_zone = $3`,
      [tenantId, appId, timeZone],
    );
    return rows.map(({ day, ends_at, seq, made_at }) => ({
      day,
      end: ends_at,
      seq: BigInt(seq),
      madeAt: made_at,
    }));
  }

  async dropOthers({ tenantId, appId }: AppKey, timeZone: string): Promise<void> {
    for (const drop of [DROP_OTHERS, DROP_OTHER_SPANS])
      await this.sql.query(drop, [tenantId, appId, timeZone]);
  }

  async build(app: AppKey, timeZone: string, day: DueDay): Promise<boolean> {
    const key = [app.tenantId, app.appId, timeZone, day.day];
    const before = await this.stateOf(app, day, timeZone);
    if (!before.mine || (day.recent && before.built === before.mark)) return false;
    await this.sql.query(FORGET_DAY, key);
    // Only those of the day: an application may have thousands in all.
    const types = await this.types(app, day);
    for (const type of types) await this.keepType(app, key, type, day);
    const others = types.filter((type) => type !== '*');
    await this.sql.query(KEEP_DIMENSIONS, [...key, day.start, day.end, others]);
    await this.sql.query(KEEP_DAY, [...key, day.start, day.end, day.seq.toString(), before.mark]);
    // Each statement saw what was committed when it began: only where that was all the time the same they belong together.
    const after = await this.stateOf(app, day, timeZone);
    if (after.mark !== before.mark) throw new DayChanged(app.tenantId);
    return true;
  }

  private async stateOf({ tenantId, appId }: AppKey, { day, start, end }: DueDay, timeZone: string) {
    const [row] = await this.sql.query<{ mine: boolean; mark: string; built: string | null }>(
      `select pg_try_advisory_xact_lock(hashtextextended($7, 0)) as mine,
         ${markOfQuarters('$3', '$4')} as mark,
         (select mark from analytics.day_built b where b.tenant_id = $1 and b.app_id = $2 and b.time_zone = $6 and b.day = $5
           and b.starts_at = $3 and b.ends_at = $4) as built`,
      [tenantId, appId, start, end, day, timeZone, dayLock(tenantId, appId, day)],
    );
    if (!row) throw new Error('a row of its own was not answered');
    return row;
  }

  private async types({ tenantId, appId }: AppKey, { start, end }: DueDay): Promise<string[]> {
    const rows = await this.sql.query<{ event_type: string }>(
      `with recursive ${TYPES} select t.event_type from types t cross join lateral (
         select 1 from analytics.quarter_rollup q
         where q.tenant_id = $1 and q.app_id = $2 and q.event_type = t.event_type and q.bucket >= $3 and q.bucket < $4
         limit 1) present
       where t.event_type is not null`,
      [tenantId, appId, start, end],
    );
    return rows.map(({ event_type }) => event_type);
  }

  private async keepType({ tenantId, appId }: AppKey, key: unknown[], type: string, day: DueDay) {
    const quarters = await this.sql.query<Quarter>(
      `select bucket, events, users, sessions from analytics.quarter_rollup
       where tenant_id = $1 and app_id = $2 and event_type = $3 and bucket >= $4 and bucket < $5`,
      [tenantId, appId, type, day.start, day.end],
    );
    if (quarters.length === 0) return;
    const begins = day.start.getTime();
    const byHour = Map.groupBy(quarters, ({ bucket }) => Math.floor((bucket.getTime() - begins) / HOUR));
    const hours = Array.from({ length: Math.ceil((day.end.getTime() - begins) / HOUR) }, (_, hour) =>
      united((byHour.get(hour) ?? []).map(tallyOf)),
    );
    const { events, users, sessions } = united(hours);
    await this.sql.query(KEEP_ROLLUP, [
      ...key,
      type,
      events,
      users.count,
      sessions.count,
      users.toBytes(),
      sessions.toBytes(),
      plainArray(hours.map((hour) => hour.events)),
      plainArray(hours.map((hour) => hour.users.count)),
      plainArray(hours.map((hour) => hour.sessions.count)),
    ]);
  }
}

function tallyOf({ events, users, sessions }: Quarter): Tally {
  return { events: Number(events), users: UniqueSketch.of(users), sessions: UniqueSketch.of(sessions) };
}

function united(parts: readonly Tally[]): Tally {
  const all: Tally = { events: 0, users: UniqueSketch.empty(), sessions: UniqueSketch.empty() };
  for (const { events, users, sessions } of parts) {
    all.events += events;
    all.users.merge(users);
    all.sessions.merge(sessions);
  }
  return all;
}
