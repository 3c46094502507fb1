import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { ReadingFilter } from '../../application/reading/reading';
import { EventPlace, UserEventReader, UserEventView } from '../../application/reading/user-event.reader';
import { Conditions } from './conditions';

interface UserEventRow {
  event_id: string;
  event_type: string;
  timestamp: Date;
  occurred_at: Date;
  received_at: Date;
  user_id: string | null;
  device_id: string | null;
  session_id: string | null;
  seq: string | null;
  app_id: string;
  country: string | null;
  context: UserEventView['context'];
  device: UserEventView['device'];
  properties: Record<string, unknown>;
}

/** Every query names its tenant; row-level security would hold without it. */
@Injectable()
export class PostgresUserEventReader extends UserEventReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async list(
    tenantId: TenantId,
    { userId, type, from, to }: ReadingFilter,
    after: EventPlace | undefined,
    limit: number,
  ): Promise<UserEventView[]> {
    const conditions = new Conditions()
      .where((tenant) => `tenant_id = ${tenant}`, tenantId)
      .where((user) => `user_id = ${user}`, userId)
      .where((of) => `event_type = ${of}`, type)
      .where((first) => `occurred_at >= ${first}::timestamptz`, from)
      .where((last) => `occurred_at <= ${last}::timestamptz`, to)
      .where(AFTER_EVENT, after?.occurredAt, after?.id, after?.timestamp);
    const most = conditions.place(limit);
    const rows = await this.sql.query<UserEventRow>(
      `select event_id, event_type, "timestamp", occurred_at, received_at, user_id, device_id, session_id, seq, app_id, country,
         context, device, properties
       from events.user_events where ${conditions.sql} order by ${NEWEST_EVENT} limit ${most}`,
      conditions.params,
    );
    return rows.map(viewOf);
  }
}

export const NEWEST_EVENT = 'occurred_at desc, event_id desc, "timestamp" desc';

export const AFTER_EVENT = (...[occurredAt, id, timestamp]: string[]): string =>
  `(occurred_at, event_id, "timestamp") < (${occurredAt}::timestamptz, ${id}::uuid, ${timestamp}::timestamptz)`;

function viewOf(row: UserEventRow): UserEventView {
  return {
    eventId: row.event_id,
    eventType: row.event_type,
    timestamp: row.timestamp,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    userId: row.user_id,
    deviceId: row.device_id,
    sessionId: row.session_id,
    seq: row.seq === null ? null : Number(row.seq),
    appId: row.app_id,
    country: row.country,
    context: row.context,
    device: row.device,
    properties: row.properties,
  };
}
