import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { Completion, DOUBTFUL_SKEW_MS } from '@libs/kernel';
import { Erasure, HmacPersonMarks, PostgresPersonEraser } from '@libs/persons';
import { WaitingErasures } from '../../application/people/waiting-erasures';

const KINDS = ['events', 'sessions'] as const;
type Kind = (typeof KINDS)[number];

/** What goes of `kind` for $1 tenant, $2 user, $3 until when, $4 so many; and `touched`: app_id and day (UTC) of each. */
const GOING: Readonly<Record<Kind, string>> = {
  // The same as what is kept out (doneUntil): replaying the log changes nothing.
  events: `
    gone as (
      delete from analytics.events where (tenant_id, event_id, "timestamp") in
        (select tenant_id, event_id, "timestamp" from analytics.events
         where tenant_id = $1 and user_id = $2 and occurred_at <= $3::timestamptz + interval '${DOUBTFUL_SKEW_MS} ms'
           and (occurred_at <= $3::timestamptz or
             ("timestamp" <= $3::timestamptz and occurred_at - "timestamp" <= interval '${DOUBTFUL_SKEW_MS} ms'))
         limit $4)
      returning app_id, occurred_at
    ), touched as (select app_id, (occurred_at at time zone 'utc')::date as day from gone)`,
  // One that goes on after the erasure goes, too, and is made again of what is left of it.
  sessions: `
    gone as (
      delete from analytics.sessions where (tenant_id, app_id, visitor, started_at) in
        (select tenant_id, app_id, visitor, started_at from analytics.sessions
         where tenant_id = $1 and user_id = $2 and started_at <= $3::timestamptz limit $4)
      returning app_id, started_at, ended_at
    ), touched as (
      select app_id, day::date as day from gone,
        generate_series((started_at at time zone 'utc')::date, (ended_at at time zone 'utc')::date, interval '1 day') as day
    )`,
};

/**
 * Of the raw events and the sessions. Each day that they were in is marked in the transaction that deletes them: it is made again
 * of the events that are left, as no sketch and no sum can be taken back. Only then is an erasure complete.
 */
@Injectable()
export class RawPersonEraser extends PostgresPersonEraser {
  readonly kinds = KINDS;

  constructor(
    sql: SqlSession,
    marks: HmacPersonMarks,
    private readonly waiting: WaitingErasures,
  ) {
    super(sql, marks, 'analytics');
  }

  async erase(erasure: Erasure, kind: Kind, most: number): Promise<number> {
    const [row] = await this.sql.query<{ gone: number }>(
      `with ${GOING[kind]}, marked as (
         insert into analytics.rebuild_day as known (tenant_id, app_id, day)
         select distinct $1::uuid, app_id, day from touched order by app_id, day
         -- whoever makes the day right now, perhaps still of these rows, sees that it was marked again
         on conflict (tenant_id, app_id, day) do update set marks = known.marks + 1
       ), counted as (
         update analytics.erasure
         set erased = erased || jsonb_build_object($5::text,
           coalesce((erased->>$5::text)::int, 0) + (select count(*)::int from gone))
         where tenant_id = $1 and id = $6
       )
       select count(*)::int as gone from gone`,
      [erasure.tenantId, erasure.userId, erasure.erasedAt.toISOString(), most, kind, erasure.erasureId],
    );
    return row?.gone ?? 0;
  }

  /** From here on it waits for its days; where there are none, or the last one is made already, it is complete. */
  async complete({ tenantId, erasureId }: Erasure, at: Date): Promise<Completion | undefined> {
    await this.sql.query(
      `update analytics.erasure set swept_at = clock_timestamp()
       where tenant_id = $1 and id = $2 and swept_at is null`,
      [tenantId, erasureId],
    );
    const [completed] = await this.waiting.complete(tenantId, at, erasureId);
    return completed;
  }
}
