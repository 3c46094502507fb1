import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Alert } from '../../application/alerts/alert';
import { AlertKey, DueAlerts } from '../../application/alerts/due-alerts';
import { ALERT_COLUMNS, AlertRow, alertOf } from './alert-rows';

@Injectable()
export class PostgresDueAlerts extends DueAlerts {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async due(most: number): Promise<readonly AlertKey[]> {
    const rows = await this.sql.query<{ tenant_id: TenantId; id: string }>(
      'select tenant_id, id from analytics.due_alerts($1)',
      [most],
    );
    return rows.map(({ tenant_id, id }) => ({ tenantId: tenant_id, id }));
  }

  async claim({ tenantId, id }: AlertKey): Promise<Alert | undefined> {
    const [row] = await this.sql.query<AlertRow>(
      `select ${ALERT_COLUMNS} from analytics.alert
       where tenant_id = $1 and id = $2 and due_at <= now() and (enabled or deleted or incident_id is not null)
       for update skip locked`,
      [tenantId, id],
    );
    return row && alertOf(row);
  }

  async judged({ tenantId, id, episode, last, incidentId, dueAt }: Alert): Promise<void> {
    await this.sql.query(
      `update analytics.alert set state = $3, quiet = $4, incident_id = $5, judged_to = $6, value = $7, expected = $8, score = $9,
         due_at = $10
       where tenant_id = $1 and id = $2`,
      [
        tenantId,
        id,
        episode.state,
        episode.quiet,
        incidentId ?? null,
        last?.end ?? null,
        last?.value ?? null,
        last?.expected ?? null,
        last?.score ?? null,
        dueAt,
      ],
    );
  }

  async remove({ tenantId, id }: AlertKey): Promise<void> {
    await this.sql.query('delete from analytics.alert where tenant_id = $1 and id = $2 and deleted', [
      tenantId,
      id,
    ]);
  }

  async postpone({ tenantId, id }: AlertKey): Promise<void> {
    await this.sql.query(
      `update analytics.alert set due_at = now() + interval '1 minute' where tenant_id = $1 and id = $2`,
      [tenantId, id],
    );
  }

  async overdueSeconds(): Promise<number> {
    const [row] = await this.sql.query<{ seconds: number | null }>(
      'select extract(epoch from now() - due_at)::float8 as seconds from analytics.due_alerts(1)',
    );
    return row?.seconds ?? 0;
  }
}
