import { AnalyticsConfig } from './analytics.config';
import { CohortReader } from './application/raw/cohort.reader';
import { EventReader } from './application/raw/event.reader';
import { ExportEvents } from './application/raw/export-events';
import { FunnelReader } from './application/raw/funnel.reader';
import { ListActivity } from './application/raw/list-activity';
import { ListSessions } from './application/raw/list-sessions';
import { PersonReader } from './application/raw/person.reader';
import { ReportHeads } from './application/raw/report-heads';
import { SessionReader } from './application/raw/session.reader';
import { ShowFunnel } from './application/raw/show-funnel';
import { ShowPerson } from './application/raw/show-person';
import { ShowRetention } from './application/raw/show-retention';
import { ShowSessions } from './application/raw/show-sessions';
import { ReportTransaction } from './application/report-transaction';
import { HeavyReading } from './infrastructure/postgres/heavy-reading';
import { PostgresCohortReader } from './infrastructure/postgres/postgres-cohort.reader';
import { PostgresEventReader } from './infrastructure/postgres/postgres-event.reader';
import { PostgresFunnelReader } from './infrastructure/postgres/postgres-funnel.reader';
import { PostgresPersonReader } from './infrastructure/postgres/postgres-person.reader';
import { PostgresSessionReader } from './infrastructure/postgres/postgres-session.reader';
import { ReportSql } from './infrastructure/postgres/report-sql';
import { ExportController } from './interfaces/http/export.controller';
import { FunnelController } from './interfaces/http/funnel.controller';
import { RetentionReportController } from './interfaces/http/retention-report.controller';
import { SessionsController } from './interfaces/http/sessions.controller';
import { UsersController } from './interfaces/http/users.controller';
import { Wiring } from './wiring';

/** What is read from the raw events and the sessions: people, funnels, cohorts, sessions, the export. */
export function raw({ database }: AnalyticsConfig): Wiring {
  return {
    controllers: [
      UsersController,
      FunnelController,
      RetentionReportController,
      SessionsController,
      ExportController,
    ],
    providers: [
      ReportHeads,
      ShowPerson,
      ListActivity,
      ShowFunnel,
      ShowRetention,
      ShowSessions,
      ListSessions,
      ExportEvents,
      {
        provide: HeavyReading,
        useFactory: (transaction: ReportTransaction, sql: ReportSql) =>
          new HeavyReading(transaction, sql, database.poolMax),
        inject: [ReportTransaction, ReportSql],
      },
      { provide: PersonReader, useClass: PostgresPersonReader },
      { provide: FunnelReader, useClass: PostgresFunnelReader },
      { provide: CohortReader, useClass: PostgresCohortReader },
      { provide: SessionReader, useClass: PostgresSessionReader },
      { provide: EventReader, useClass: PostgresEventReader },
    ],
  };
}
