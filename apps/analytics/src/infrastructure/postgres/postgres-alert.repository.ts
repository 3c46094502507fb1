import { Injectable } from '@nestjs/common';
import { Conditions, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Alert } from '../../application/alerts/alert';
import { AlertRepository } from '../../application/alerts/alert.repository';
import { ALERT_COLUMNS, AlertRow, alertOf } from './alert-rows';

@Injectable()
export class PostgresAlertRepository extends AlertRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(alert: Alert, most: number): Promise<boolean> {
    const { tenantId, id, rule, episode } = alert;
    // two at once would each see room for the last one
    await this.sql.query(`select pg_advisory_xact_lock(hashtextextended('analytics.alert ' || $1, 0))`, [
      tenantId,
    ]);
    const [row] = await this.sql.query<{ kept: number }>(
      'select count(*)::int as kept from analytics.alert where tenant_id = $1 and not deleted',
      [tenantId],
    );
    if ((row?.kept ?? 0) >= most) return false;
    await this.sql.query(
      `insert into analytics.alert (tenant_id, id, app_id, name, event_type, metric, condition, notify, enabled, revision, state,
         quiet, due_at, created_by, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [
        tenantId,
        id,
        rule.appId,
        rule.name,
        rule.eventType ?? null,
        rule.metric,
        JSON.stringify(rule.condition),
        rule.notify,
        alert.enabled,
        alert.revision,
        episode.state,
        episode.quiet,
        alert.dueAt,
        alert.createdBy,
        alert.createdAt,
        alert.updatedAt,
      ],
    );
    return true;
  }

  find(tenantId: TenantId, id: string): Promise<Alert | undefined> {
    return this.one(tenantId, id, '');
  }

  findForUpdate(tenantId: TenantId, id: string): Promise<Alert | undefined> {
    return this.one(tenantId, id, 'for update');
  }

  async list(
    tenantId: TenantId,
    { appId, after, limit }: { appId?: string; after?: string; limit: number },
  ): Promise<Alert[]> {
    const conditions = new Conditions()
      .where((tenant) => `tenant_id = ${tenant}`, tenantId)
      .where((app) => `app_id = ${app}`, appId)
      .where((id) => `id > ${id}::uuid`, after);
    const most = conditions.place(limit);
    const rows = await this.sql.query<AlertRow>(
      `select ${ALERT_COLUMNS} from analytics.alert where ${conditions.sql} and not deleted order by id limit ${most}`,
      conditions.params,
    );
    return rows.map(alertOf);
  }

  async save({ tenantId, id, rule, episode, last, ...alert }: Alert): Promise<void> {
    await this.sql.query(
      `update analytics.alert set name = $3, event_type = $4, metric = $5, condition = $6, notify = $7, enabled = $8, revision = $9,
         state = $10, quiet = $11, judged_to = $12, value = $13, expected = $14, score = $15, deleted = $16, due_at = $17,
         updated_at = $18
       where tenant_id = $1 and id = $2`,
      [
        tenantId,
        id,
        rule.name,
        rule.eventType ?? null,
        rule.metric,
        JSON.stringify(rule.condition),
        rule.notify,
        alert.enabled,
        alert.revision,
        episode.state,
        episode.quiet,
        last?.end ?? null,
        last?.value ?? null,
        last?.expected ?? null,
        last?.score ?? null,
        alert.deleted,
        alert.dueAt,
        alert.updatedAt,
      ],
    );
  }

  private async one(tenantId: TenantId, id: string, lock: string): Promise<Alert | undefined> {
    const [row] = await this.sql.query<AlertRow>(
      `select ${ALERT_COLUMNS} from analytics.alert where tenant_id = $1 and id = $2 and not deleted ${lock}`,
      [tenantId, id],
    );
    return row && alertOf(row);
  }
}
