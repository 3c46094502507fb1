import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { Completion } from '@libs/kernel';
import { Erasure, HmacPersonMarks, PostgresPersonEraser } from '@libs/persons';
import { ERASED_KINDS, ErasedKind } from '../../domain/erased-kinds';
import { personLockSql } from './person-lock';

/** What belongs to a person: the rows of `table` where `condition` holds for $1 tenant, $2 user, $3 until when. */
interface Belongings {
  table: string;
  key: string;
  condition: string;
}

const BY_EVENT = 'tenant_id, event_id, "timestamp"';
// `is true` leaves the planner the index by user alone: without statistics it might go by time through a whole tenant.
const OF_PERSON = 'tenant_id = $1 and user_id = $2 and (occurred_at <= $3::timestamptz) is true';

const BELONGINGS: Readonly<Record<ErasedKind, Belongings>> = {
  userEvents: { table: 'user_events', key: BY_EVENT, condition: OF_PERSON },
  transactions: { table: 'transactions', key: BY_EVENT, condition: OF_PERSON },
  notifications: { table: 'notifications', key: 'tenant_id, id', condition: OF_PERSON },
  rejectedEvents: {
    table: 'rejected_event',
    key: 'tenant_id, id',
    condition: 'tenant_id = $1 and user_id = $2 and received_at <= $3::timestamptz',
  },
};

/** Of everything that the sinks made of a person's events. */
@Injectable()
export class SinkPersonEraser extends PostgresPersonEraser {
  readonly kinds = ERASED_KINDS;

  constructor(sql: SqlSession, marks: HmacPersonMarks) {
    super(sql, marks, 'events');
  }

  async erase(erasure: Erasure, kind: ErasedKind, most: number): Promise<number> {
    const { table, key, condition } = BELONGINGS[kind];
    const [row] = await this.sql.query<{ gone: number }>(
      `with gone as (
         delete from events.${table} where (${key}) in
           (select ${key} from events.${table} where ${condition} limit $4)
         returning 1
       ), counted as (
         update events.erasure
         set erased = erased || jsonb_build_object($5::text,
           coalesce((erased->>$5::text)::int, 0) + (select count(*)::int from gone))
         where tenant_id = $1 and id = $6
       )
       select count(*)::int as gone from gone`,
      [erasure.tenantId, erasure.userId, erasure.erasedAt.toISOString(), most, kind, erasure.erasureId],
    );
    return row?.gone ?? 0;
  }

  async complete({ tenantId, userId, erasureId }: Erasure, at: Date): Promise<Completion | undefined> {
    // Whoever looks for the person's insights right now has read transactions that are gone: what they write goes, too.
    await this.sql.query(
      `select pg_advisory_xact_lock(hashtext('events.person'), ${personLockSql('$1', '$2')})`,
      [tenantId, userId],
    );
    // Marks that are being looked at go with the one who looks.
    await this.sql.query(
      `delete from events.insight_due where tenant_id = $1 and id in
         (select id from events.insight_due where tenant_id = $1 and user_id = $2 for update skip locked)`,
      [tenantId, userId],
    );
    const [row] = await this.sql.query<{ requested_by: string | null; erased: Record<string, number> }>(
      `with gone as (
         delete from events.ai_insights where tenant_id = $1 and user_id = $2 returning 1
       )
       update events.erasure
       set status = 'completed', completed_at = $4,
         erased = erased || jsonb_build_object('insights', (select count(*)::int from gone))
       where tenant_id = $1 and id = $3 and status <> 'completed'
       returning requested_by, erased`,
      [tenantId, userId, erasureId, at.toISOString()],
    );
    return row && { tenantId, erasureId, requestedBy: row.requested_by ?? undefined, erased: row.erased };
  }
}
