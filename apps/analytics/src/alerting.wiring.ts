import { SqlSession } from '@libs/database';
import { AlertCounts } from './application/alerts/alert-counts';
import { DueAlerts } from './application/alerts/due-alerts';
import { EvaluateAlerts } from './application/alerts/evaluate-alerts';
import { IncidentStore } from './application/alerts/incident.store';
import { LogLag } from './application/alerts/log-lag';
import { OldIncidents } from './application/alerts/old-incidents';
import { TellIncident } from './application/alerts/tell-incident';
import { ANALYTICS_GROUP } from './consumer-group';
import { ConsumerLogLag } from './infrastructure/messaging/consumer-log-lag';
import { PostgresAlertCounts } from './infrastructure/postgres/postgres-alert-counts';
import { PostgresDueAlerts } from './infrastructure/postgres/postgres-due-alerts';
import { PostgresIncidentStore } from './infrastructure/postgres/postgres-incident.store';
import { PostgresOldIncidents } from './infrastructure/postgres/postgres-old-incidents';
import { EvaluateAlertsSchedule } from './interfaces/schedule/evaluate-alerts.schedule';
import { PurgeIncidentsSchedule } from './interfaces/schedule/purge-incidents.schedule';
import { Wiring } from './wiring';

/** Judges alerts as quarters of an hour are over. The module provides TenantZones, and what has webhooks told. */
export const alerting: Wiring = {
  controllers: [],
  providers: [
    EvaluateAlerts,
    TellIncident,
    EvaluateAlertsSchedule,
    PurgeIncidentsSchedule,
    { provide: OldIncidents, useClass: PostgresOldIncidents },
    { provide: DueAlerts, useClass: PostgresDueAlerts },
    { provide: IncidentStore, useClass: PostgresIncidentStore },
    {
      provide: AlertCounts,
      useFactory: (sql: SqlSession) => new PostgresAlertCounts(sql),
      inject: [SqlSession],
    },
    { provide: LogLag, useFactory: () => new ConsumerLogLag(ANALYTICS_GROUP) },
  ],
};
