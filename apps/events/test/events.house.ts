import { Client } from 'pg';
import { HttpListener, listenHttp } from '@libs/http';
import { newId, TenantId, UserId } from '@libs/kernel';
import { eventLogSchema } from '@libs/messaging';
import { ApiKeyPeppers, mintApiKey } from '@libs/security';
import {
  AppProcess,
  call,
  eventually,
  freePort,
  TestDatabase,
  testDatabase,
  TokenIssuer,
} from '@libs/testing';
import { createEventsApp } from '../src/events.app';
import { eventsConfig } from '../src/events.config';
import { eventsSchema } from '../src/events.schema';
import { Logged } from './logged';

const SECRET = 'a secret for tests, thirty-two characters at least';

export interface HouseOptions {
  /** In an operating-system process of its own, from the build. */
  apart?: boolean;
  environment?: Record<string, string>;
  /** By which way it reaches the log, where not by the shortest. */
  logBy?: (url: string) => Promise<string>;
  /** The same of its own database. */
  databaseBy?: (url: string) => Promise<string>;
}

export interface TestTenant {
  tenantId: TenantId;
  appId: string;
}

/** The collector and the reading API on real parts: PostgreSQL, the event log in it, tokens and API keys. */
export class EventsHouse {
  private constructor(
    readonly url: string,
    readonly database: TestDatabase,
    readonly issuer: TokenIssuer,
    readonly admin: Client,
    readonly logged: Logged,
    /** Where it was asked for one of its own. */
    readonly process: AppProcess | undefined,
    private readonly closing: (() => Promise<unknown>)[],
  ) {}

  static async open({
    apart = false,
    environment: extra = {},
    logBy,
    databaseBy,
  }: HouseOptions = {}): Promise<EventsHouse> {
    const [database, issuer] = [
      await testDatabase([eventsSchema, eventLogSchema]),
      await TokenIssuer.start(),
    ];
    const logUrl = database.urlFor('event_log');
    const databaseUrl = database.urlFor('events_api');
    const environment = {
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATABASE_URL: databaseBy ? await databaseBy(databaseUrl) : databaseUrl,
      DATABASE_POOL_MAX: '4',
      AUTH_JWKS_URL: issuer.jwksUrl,
      REDIS_URL: 'memory:',
      API_KEY_SECRET: SECRET,
      EVENT_PSEUDONYM_SECRET: SECRET,
      EVENT_LOG_URL: logBy ? await logBy(logUrl) : logUrl,
      RATE_LIMIT_GENERAL_PER_MIN: '0',
      RATE_LIMIT_EVENTS_PER_MIN: '0',
      RATE_LIMIT_KEY_PER_MIN: '0',
      ...extra,
    };
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    const logged = await Logged.read({ eventLogUrl: logUrl });
    const server = apart ? await launch(environment) : await listen(environment);
    const closing = [
      () => (server instanceof AppProcess ? server.stop() : server.close()),
      logged.stop,
      () => admin.end(),
      () => issuer.stop(),
      () => database.drop(),
    ];
    const own = server instanceof AppProcess ? server : undefined;
    const url = server instanceof AppProcess ? `http://127.0.0.1:${server.options.env['PORT']}` : server.url;
    return new EventsHouse(url, database, issuer, admin, logged, own, closing);
  }

  /** A tenant that the collector knows: it looks every half second. */
  async tenant(changes: { origins?: string[]; status?: 'active' | 'suspended' } = {}): Promise<TestTenant> {
    const { origins = [], status = 'active' } = changes;
    const tenant = { tenantId: newId<TenantId>(), appId: newId() };
    await this.admin.query(
      `insert into events.tenant_directory (tenant_id, subdomain, status, origins, domains, default_app_id, revision)
       values ($1, $2, $3, $4, '{}', $5, 1)`,
      [tenant.tenantId, `loja-${tenant.tenantId.slice(-12)}`, status, origins, tenant.appId],
    );
    await eventually(async () => {
      const none = { token: this.token(tenant), body: { events: [] } };
      const { status: told } = await call(this.url, '/api/v1/events/batch', none);
      if (told === 503) throw new Error('application_unknown');
    });
    return tenant;
  }

  /** An API key of the tenant's; a write key by default. */
  async key(
    { tenantId, appId }: TestTenant,
    { scopes = ['events:write'], requestsPerMinute }: { scopes?: string[]; requestsPerMinute?: number } = {},
  ): Promise<string> {
    const { text } = mintApiKey();
    const hmac = new ApiKeyPeppers([{ version: 1, secret: SECRET }]).hmac(text);
    await this.admin.query(
      `insert into events.api_key_directory (tenant_id, key_id, hmac, app_id, scopes, requests_per_minute, revision)
       values ($1, $2, decode($3, 'hex'), $4, $5, $6, 1)`,
      [tenantId, newId(), hmac, appId, scopes, requestsPerMinute ?? null],
    );
    return text;
  }

  token({ tenantId }: TestTenant, scope = 'events:write', userId = newId<UserId>()): string {
    return this.issuer.tokenFor({ tenantId, userId, scope });
  }

  async close(): Promise<void> {
    for (const close of this.closing) await close();
  }
}

async function listen(environment: Record<string, string>): Promise<HttpListener> {
  const config = eventsConfig.parse(environment);
  return listenHttp(await createEventsApp(config), [], config.http);
}

async function launch(environment: Record<string, string>): Promise<AppProcess> {
  const port = await freePort();
  return AppProcess.start({
    entry: 'apps/events/src/main.js',
    env: { ...environment, PORT: String(port) },
    readyUrl: `http://127.0.0.1:${port}/health/ready`,
  });
}
