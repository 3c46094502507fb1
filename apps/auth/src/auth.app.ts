import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { SqlSession } from '@libs/database';
import { createHttpApp } from '@libs/http';
import { AuthConfig } from './auth.config';
import { AuthModule } from './auth.module';
import { LOGIN_LIMITS } from './interfaces/http/login-limits';

/** The HTTP API with its outbox relay, initialised and not listening: for serveHttp alone, or behind the platform's listener. */
export async function createAuthApp(config: AuthConfig): Promise<NestFastifyApplication> {
  const app = await createHttpApp(AuthModule.forRoot(config), {
    name: 'auth',
    settings: config.http,
    title: 'MoneyFlow auth',
    version: VERSION,
    description:
      'People, tenants and sessions: who may do what, told by tokens that every service verifies alone.',
    rateLimits: {
      [LOGIN_LIMITS.address]: config.loginLimit,
      [LOGIN_LIMITS.account]: config.loginLimit,
    },
    ready: {
      database: async () => void (await app.get(SqlSession, { strict: false }).query('select 1')),
    },
  });
  await app.init();
  return app;
}
