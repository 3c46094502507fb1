import { AlertCounts } from './application/alerts/alert-counts';
import { AlertRepository } from './application/alerts/alert.repository';
import { ChangeAlert } from './application/alerts/change-alert';
import { CreateAlert } from './application/alerts/create-alert';
import { IncidentStore } from './application/alerts/incident.store';
import { PreviewAlert } from './application/alerts/preview-alert';
import { ReadAlerts } from './application/alerts/read-alerts';
import { HeavyReading } from './infrastructure/postgres/heavy-reading';
import { PostgresAlertCounts } from './infrastructure/postgres/postgres-alert-counts';
import { PostgresAlertRepository } from './infrastructure/postgres/postgres-alert.repository';
import { PostgresIncidentStore } from './infrastructure/postgres/postgres-incident.store';
import { ReportSql } from './infrastructure/postgres/report-sql';
import { AlertsController } from './interfaces/http/alerts.controller';
import { Wiring } from './wiring';

/** Alerts, as people make and see them; the worker judges them. */
export const alerts: Wiring = {
  controllers: [AlertsController],
  providers: [
    CreateAlert,
    ChangeAlert,
    ReadAlerts,
    PreviewAlert,
    { provide: AlertRepository, useClass: PostgresAlertRepository },
    { provide: IncidentStore, useClass: PostgresIncidentStore },
    {
      provide: AlertCounts,
      useFactory: (sql: ReportSql, heavy: HeavyReading) =>
        new PostgresAlertCounts(sql, (tenantId, work) => heavy.run(tenantId, work)),
      inject: [ReportSql, HeavyReading],
    },
  ],
};
