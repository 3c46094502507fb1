import { Injectable } from '@nestjs/common';
import { Conditions, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Incident, Resolution } from '../../application/alerts/incident';
import { IncidentPlace, IncidentStore } from '../../application/alerts/incident.store';
import { INCIDENT_COLUMNS, IncidentRow, incidentOf } from './alert-rows';

@Injectable()
export class PostgresIncidentStore extends IncidentStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async open({ tenantId, rule, ...incident }: Incident): Promise<void> {
    await this.sql.query(
      `insert into analytics.alert_incident (tenant_id, id, alert_id, alert_revision, app_id, alert_name, event_type, metric,
         condition, notify, time_zone, window_from, window_to, direction, value, expected, score, fired_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
      [
        tenantId,
        incident.id,
        incident.alertId,
        incident.alertRevision,
        rule.appId,
        rule.name,
        rule.eventType ?? null,
        rule.metric,
        JSON.stringify(rule.condition),
        rule.notify,
        incident.timeZone,
        incident.windowFrom,
        incident.windowTo,
        incident.direction,
        incident.value,
        incident.expected,
        incident.score,
        incident.firedAt,
      ],
    );
  }

  async resolve(
    { tenantId, id }: { tenantId: TenantId; id: string },
    { at, why, value }: { at: Date; why: Resolution; value: number | null },
  ): Promise<Incident | undefined> {
    const [row] = await this.sql.query<IncidentRow>(
      `update analytics.alert_incident set resolved_at = greatest($3::timestamptz, fired_at), resolution = $4, resolved_value = $5
       where tenant_id = $1 and id = $2 and resolved_at is null returning ${INCIDENT_COLUMNS}`,
      [tenantId, id, at, why, value],
    );
    return row && incidentOf(row);
  }

  async find(tenantId: TenantId, id: string): Promise<Incident | undefined> {
    const [row] = await this.sql.query<IncidentRow>(
      `select ${INCIDENT_COLUMNS} from analytics.alert_incident where tenant_id = $1 and id = $2`,
      [tenantId, id],
    );
    return row && incidentOf(row);
  }

  async list(
    tenantId: TenantId,
    alertId: string,
    { after, limit }: { after?: IncidentPlace; limit: number },
  ): Promise<Incident[]> {
    const conditions = new Conditions()
      .where((tenant) => `tenant_id = ${tenant}`, tenantId)
      .where((alert) => `alert_id = ${alert}`, alertId)
      .where((at, id) => `(fired_at, id) < (${at}::timestamptz, ${id}::uuid)`, after?.firedAt, after?.id);
    const most = conditions.place(limit);
    const rows = await this.sql.query<IncidentRow>(
      `select ${INCIDENT_COLUMNS} from analytics.alert_incident where ${conditions.sql}
       order by fired_at desc, id desc limit ${most}`,
      conditions.params,
    );
    return rows.map(incidentOf);
  }
}
