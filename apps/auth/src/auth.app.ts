import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { isTransient, SqlSession } from '@libs/database';
import { createHttpApp } from '@libs/http';
import { connectTransport, eventTransport } from '@libs/messaging';
import { AuthConfig } from './auth.config';
import { AuthModule } from './auth.module';
import { guessLimits } from './interfaces/http/guess-limits';
import { INVITATION_GUESSES } from './interfaces/http/invitation-limits';
import { LOGIN_LIMITS } from './interfaces/http/login-limits';
import { REGISTRATIONS, REGISTRATIONS_PER_LOGIN } from './interfaces/http/registration-limit';
import { KEY_USES_GROUP } from './interfaces/messaging/count-uses-on-api-key-used.consumer';

/**
 * The HTTP API with its outbox relay and its consumer, initialised and not listening: for serveHttp alone, or behind the
 * platform's listener. Readiness leaves the event log out: nobody may be kept from signing in because uses cannot be
 * counted.
 */
export async function createAuthApp(config: AuthConfig): Promise<NestFastifyApplication> {
  const app = await createHttpApp(AuthModule.forRoot(config), {
    name: 'auth',
    settings: config.http,
    title: 'MoneyFlow auth',
    version: VERSION,
    description:
      'People, tenants and sessions: who may do what, told by tokens that every service verifies alone.',
    rateLimits: {
      [INVITATION_GUESSES]: config.loginLimit,
      [LOGIN_LIMITS.address]: config.loginLimit,
      [LOGIN_LIMITS.account]: config.loginLimit,
      [REGISTRATIONS]: config.loginLimit * REGISTRATIONS_PER_LOGIN,
      ...guessLimits(config.loginLimit),
    },
    ready: {
      database: async () => void (await app.get(SqlSession, { strict: false }).query('select 1')),
    },
  });
  connectTransport(app, eventTransport(config.messaging, { group: KEY_USES_GROUP, isTransient }));
  await app.init();
  await app.startAllMicroservices();
  return app;
}
