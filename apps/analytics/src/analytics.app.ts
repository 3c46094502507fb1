import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { SqlSession } from '@libs/database';
import { createHttpApp, SocketAdapter } from '@libs/http';
import { AnalyticsConfig } from './analytics.config';
import { AnalyticsModule } from './analytics.module';
import { ReportSql } from './infrastructure/postgres/report-sql';

/** The reports' API, initialised and not listening. */
export async function createAnalyticsApp(config: AnalyticsConfig): Promise<NestFastifyApplication> {
  const app = await createHttpApp(AnalyticsModule.forRoot(config), {
    name: 'analytics',
    settings: config.http,
    title: 'MoneyFlow analytics',
    version: VERSION,
    description: 'What tracked events come to: summaries, timelines, funnels, cohorts, people, live counts.',
    ready: {
      database: async () => void (await app.get(SqlSession, { strict: false }).query('select 1')),
      ...(config.replicaUrl !== undefined && {
        replica: async () => void (await app.get(ReportSql, { strict: false }).query('select 1')),
      }),
    },
  });
  app.useWebSocketAdapter(new SocketAdapter(app));
  await app.init();
  return app;
}
