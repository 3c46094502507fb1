import { Injectable } from '@nestjs/common';
import { Conditions, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { NotificationRepository, NotificationView } from '../../application/reading/notification.repository';
import { Place, ReadingFilter } from '../../application/reading/reading';

interface NotificationRow {
  id: string;
  user_id: string | null;
  type: NotificationView['type'];
  title: string;
  message: string;
  priority: NotificationView['priority'];
  event_id: string | null;
  incident_id: string | null;
  webhook_id: string | null;
  occurred_at: Date;
  read_at: Date | null;
}

const COLUMNS =
  'id, user_id, type, title, message, priority, event_id, incident_id, webhook_id, occurred_at, read_at';

/** Every query names its tenant; row-level security would hold without it. */
@Injectable()
export class PostgresNotificationRepository extends NotificationRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async list(
    tenantId: TenantId,
    { userId, type, read, from, to }: ReadingFilter & { read?: boolean },
    after: Place | undefined,
    limit: number,
  ): Promise<NotificationView[]> {
    const conditions = new Conditions()
      .where((tenant) => `tenant_id = ${tenant}`, tenantId)
      .where((user) => `user_id = ${user}`, userId)
      .where((of) => `type = ${of}`, type)
      .where((was) => `(read_at is not null) = ${was}::boolean`, read)
      .where((first) => `occurred_at >= ${first}::timestamptz`, from)
      .where((last) => `occurred_at <= ${last}::timestamptz`, to)
      .where(
        (at, id) => `(occurred_at, id) < (${at}::timestamptz, ${id}::uuid)`,
        after?.occurredAt,
        after?.id,
      );
    const most = conditions.place(limit);
    const rows = await this.sql.query<NotificationRow>(
      `select ${COLUMNS} from events.notifications where ${conditions.sql} order by occurred_at desc, id desc limit ${most}`,
      conditions.params,
    );
    return rows.map(viewOf);
  }

  async find(tenantId: TenantId, id: string): Promise<NotificationView | undefined> {
    const [row] = await this.sql.query<NotificationRow>(
      `select ${COLUMNS} from events.notifications where tenant_id = $1 and id = $2`,
      [tenantId, id],
    );
    return row && viewOf(row);
  }

  async mark(tenantId: TenantId, id: string, readAt: Date | null): Promise<NotificationView | undefined> {
    const [row] = await this.sql.query<NotificationRow>(
      `update events.notifications
       set read_at = case when $3::timestamptz is null then null else coalesce(read_at, $3::timestamptz) end
       where tenant_id = $1 and id = $2 returning ${COLUMNS}`,
      [tenantId, id, readAt],
    );
    return row && viewOf(row);
  }
}

function viewOf(row: NotificationRow): NotificationView {
  return {
    id: row.id,
    userId: row.user_id,
    type: row.type,
    title: row.title,
    message: row.message,
    priority: row.priority,
    eventId: row.event_id,
    incidentId: row.incident_id,
    webhookId: row.webhook_id,
    occurredAt: row.occurred_at,
    readAt: row.read_at,
  };
}
