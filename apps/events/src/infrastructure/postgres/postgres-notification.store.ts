import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, storableText, textArray } from '@libs/database';
import { newId } from '@libs/kernel';
import { NewNotification, NotificationStore } from '../../application/projections/notification-store';

@Injectable()
export class PostgresNotificationStore extends NotificationStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(notifications: readonly NewNotification[]): Promise<void> {
    const events = notifications.map(({ event }) => event);
    const told = notifications.map(({ notification }) => notification);
    // In key order: two sinks with the same events wait for each other instead of deadlocking.
    await this.sql.query(
      `insert into events.notifications (tenant_id, id, user_id, type, title, message, priority, event_id, "timestamp",
         occurred_at)
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
         $9::timestamptz[], $10::timestamptz[]) as told (tenant_id, id, user_id, type, title, message, priority, event_id,
         "timestamp", occurred_at)
       order by tenant_id, event_id, "timestamp"
       on conflict (tenant_id, event_id, "timestamp") do nothing`,
      [
        plainArray(events.map(({ tenantId }) => tenantId)),
        plainArray(events.map(() => newId())),
        textArray(events.map(({ userId }) => storableText(userId))),
        plainArray(told.map(({ type }) => type)),
        textArray(told.map(({ title }) => title)),
        textArray(told.map(({ message }) => message)),
        plainArray(told.map(({ priority }) => priority)),
        plainArray(events.map(({ eventId }) => eventId)),
        plainArray(events.map(({ timestamp }) => timestamp)),
        plainArray(events.map(({ occurredAt }) => occurredAt)),
      ],
    );
  }
}
