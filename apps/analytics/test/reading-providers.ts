import { Provider } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantTransaction } from '@libs/kernel';
import { ReportTransaction } from '../src/application/report-transaction';
import { HeavyReading } from '../src/infrastructure/postgres/heavy-reading';
import { ReportSql } from '../src/infrastructure/postgres/report-sql';

/** Reports are read where everything else is. */
export const readingProviders: Provider[] = [
  { provide: ReportSql, useExisting: SqlSession },
  { provide: ReportTransaction, useExisting: TenantTransaction },
  {
    provide: HeavyReading,
    useFactory: (transaction: ReportTransaction, sql: ReportSql) => new HeavyReading(transaction, sql, 8),
    inject: [ReportTransaction, ReportSql],
  },
];
