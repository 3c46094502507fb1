import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { SqlSession } from '@libs/database';
import { createHttpApp } from '@libs/http';
import { ReleasesConfig } from './releases.config';
import { ReleasesModule } from './releases.module';

/** The HTTP API, initialised and not listening: for serveHttp alone, or behind the platform's listener. */
export async function createReleasesApp(config: ReleasesConfig): Promise<NestFastifyApplication> {
  const app = await createHttpApp(ReleasesModule.forRoot(config), {
    name: 'releases',
    settings: config.http,
    title: 'MoneyFlow releases',
    version: VERSION,
    description: 'Credits and debits: accepted at once, posted in the background, never lost, never doubled.',
    ready: {
      // Redis is no part of it: without it reads go on, and keyed posts say 503 themselves
      database: async () => void (await app.get(SqlSession, { strict: false }).query('select 1')),
    },
  });
  await app.init();
  return app;
}
