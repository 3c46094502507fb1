import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, textArray } from '@libs/database';
import { newId } from '@libs/kernel';
import {
  AlertNotification,
  AlertNotificationStore,
} from '../../application/projections/alert-notification-store';

@Injectable()
export class PostgresAlertNotificationStore extends AlertNotificationStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(notifications: readonly AlertNotification[]): Promise<void> {
    const incidents = notifications.map(({ incident }) => incident);
    const told = notifications.map(({ notification }) => notification);
    // in key order: two sinks with the same incidents wait for each other instead of deadlocking
    await this.sql.query(
      `insert into events.notifications (tenant_id, id, type, title, message, priority, incident_id, incident_state, occurred_at)
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[],
         $9::timestamptz[]) as told (tenant_id, id, type, title, message, priority, incident_id, incident_state, occurred_at)
       order by tenant_id, incident_id, incident_state
       on conflict (tenant_id, incident_id, incident_state) where incident_id is not null do nothing`,
      [
        plainArray(notifications.map(({ tenantId }) => tenantId)),
        plainArray(notifications.map(() => newId())),
        plainArray(told.map(({ type }) => type)),
        textArray(told.map(({ title }) => title)),
        textArray(told.map(({ message }) => message)),
        plainArray(told.map(({ priority }) => priority)),
        plainArray(incidents.map(({ incidentId }) => incidentId)),
        plainArray(incidents.map(({ state }) => state)),
        plainArray(incidents.map(({ happenedAt }) => happenedAt.toISOString())),
      ],
    );
  }
}
