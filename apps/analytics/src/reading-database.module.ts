import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, SqlSession } from '@libs/database';
import { TenantTransaction } from '@libs/kernel';
import { AnalyticsConfig } from './analytics.config';
import { ReportTransaction } from './application/report-transaction';
import { ReportSql } from './infrastructure/postgres/report-sql';

/** Where reports are read: the replica where there is one, else the database that all the rest uses. */
@Module({})
export class ReadingDatabaseModule {
  static forRoot({ replicaUrl, database }: AnalyticsConfig, primary: DynamicModule): DynamicModule {
    const replica =
      replicaUrl === undefined
        ? undefined
        : DatabaseModule.forRoot({
            name: 'analytics-reports',
            schema: 'analytics',
            ...database,
            url: replicaUrl,
            urlVariable: 'DATABASE_REPLICA_URL',
          });
    return {
      module: ReadingDatabaseModule,
      imports: [replica ?? primary],
      providers: [
        { provide: ReportSql, useExisting: SqlSession },
        { provide: ReportTransaction, useExisting: TenantTransaction },
      ],
      exports: [ReportSql, ReportTransaction],
    };
  }
}
