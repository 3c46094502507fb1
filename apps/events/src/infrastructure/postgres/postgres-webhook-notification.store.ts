import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, textArray } from '@libs/database';
import { newId } from '@libs/kernel';
import {
  WebhookNotification,
  WebhookNotificationStore,
} from '../../application/projections/webhook-notification-store';

@Injectable()
export class PostgresWebhookNotificationStore extends WebhookNotificationStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(notifications: readonly WebhookNotification[]): Promise<void> {
    const texts = notifications.map(({ notification }) => notification);
    // in key order: two sinks with the same webhooks wait for each other instead of deadlocking
    await this.sql.query(
      `insert into events.notifications (tenant_id, id, type, title, message, priority, webhook_id, occurred_at)
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::timestamptz[])
         as told (tenant_id, id, type, title, message, priority, webhook_id, occurred_at)
       order by tenant_id, webhook_id, occurred_at
       on conflict (tenant_id, webhook_id, occurred_at) where webhook_id is not null do nothing`,
      [
        plainArray(notifications.map(({ tenantId }) => tenantId)),
        plainArray(notifications.map(() => newId())),
        plainArray(texts.map(({ type }) => type)),
        textArray(texts.map(({ title }) => title)),
        textArray(texts.map(({ message }) => message)),
        plainArray(texts.map(({ priority }) => priority)),
        plainArray(notifications.map(({ told }) => told.webhookId)),
        plainArray(notifications.map(({ told }) => told.disabledAt.toISOString())),
      ],
    );
  }
}
