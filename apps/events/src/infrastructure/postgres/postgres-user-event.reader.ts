import { Injectable } from '@nestjs/common';
import { Conditions, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import {
  EventPlace,
  PropertyFilter,
  UserEventFilter,
  UserEventReader,
  UserEventView,
} from '../../application/reading/user-event.reader';

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
    filter: UserEventFilter,
    after: EventPlace | undefined,
    limit: number,
  ): Promise<UserEventView[]> {
    const { userId, type, from, to } = filter;
    if (filter.properties) return this.listByProperties(tenantId, filter, filter.properties, after, limit);
    const conditions = new Conditions()
      .where((tenant) => `tenant_id = ${tenant}`, tenantId)
      .where((user) => `user_id = ${user}`, userId)
      .where((of) => `event_type = ${of}`, type)
      .where((first) => `occurred_at >= ${first}::timestamptz`, from)
      .where((last) => `occurred_at <= ${last}::timestamptz`, to)
      .where(AFTER_EVENT, after?.occurredAt, after?.id, after?.timestamp);
    const most = conditions.place(limit);
    const rows = await this.sql.query<UserEventRow>(
      `select ${COLUMNS} from events.user_events where ${conditions.sql} order by ${NEWEST_EVENT} limit ${most}`,
      conditions.params,
    );
    return rows.map(viewOf);
  }

  /** Past row-level security, which keeps indexes from serving it: the function says itself whose rows they are. */
  private async listByProperties(
    tenantId: TenantId,
    { userId, type }: UserEventFilter,
    { all, from, to }: NonNullable<UserEventFilter['properties']>,
    after: EventPlace | undefined,
    limit: number,
  ): Promise<UserEventView[]> {
    const rows = await this.sql.query<UserEventRow>(
      `select ${COLUMNS} from events.find_user_events(array(select json_array_elements_text($1::json)::jsonb), $2, $3, $4, $5, $6, $7, $8, $9)
       where tenant_id = $10 order by ${NEWEST_EVENT}`,
      [
        JSON.stringify(meanings(all)),
        from.toISOString(),
        to.toISOString(),
        userId ?? null,
        type ?? null,
        after?.occurredAt.toISOString() ?? null,
        after?.id ?? null,
        after?.timestamp.toISOString() ?? null,
        limit,
        tenantId,
      ],
    );
    return rows.map(viewOf);
  }
}

const COLUMNS = `event_id, event_type, "timestamp", occurred_at, received_at, user_id, device_id, session_id, seq, app_id, country,
  context, device, properties`;
// What JSON itself writes for a number, a truth value.
const SCALAR = /^(true|false|-?(0|[1-9]\d{0,14})(\.\d{1,6})?)$/;

/** Each object, as text, that would contain what is asked for: of every value the text, and what else it may mean. */
function meanings(properties: readonly PropertyFilter[]): string[] {
  let found = [''];
  for (const { name, value } of properties) {
    const written = SCALAR.test(value) ? [JSON.stringify(value), value] : [JSON.stringify(value)];
    const key = JSON.stringify(name);
    found = found.flatMap((before) =>
      written.map((text) => `${before}${before === '' ? '' : ','}${key}:${text}`),
    );
  }
  return found.map((members) => `{${members}}`);
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
