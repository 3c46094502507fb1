import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { HttpListener, listenHttp } from '@libs/http';
import { newId, TenantId, UserId } from '@libs/kernel';
import { eventLogSchema } from '@libs/messaging';
import { ApiKeyPeppers, mintApiKey, TenantDirectory } from '@libs/security';
import { ReceivedEvent } from '@libs/tracked-events';
import { eventually, TestDatabase, testDatabase, TokenIssuer } from '@libs/testing';
import { createAnalyticsApp } from '../src/analytics.app';
import { analyticsConfig } from '../src/analytics.config';
import { analyticsSchema } from '../src/analytics.schema';
import { StoreEvents } from '../src/application/store-events';
import { storing } from '../src/storing.wiring';
import { openAnalytics, TEST_PSEUDONYM_SECRET } from './analytics-database';

export interface TestTenant {
  tenantId: TenantId;
  appId: string;
}

type Worker = Awaited<ReturnType<typeof openAnalytics>>;

/** The reports' API on real parts: PostgreSQL, tokens and API keys; what the worker would store is stored by hand. */
export class AnalyticsHouse {
  /** Of every instance that is open. */
  private readonly directories = new Set<TenantDirectory>();

  private constructor(
    readonly url: string,
    readonly database: TestDatabase,
    readonly issuer: TokenIssuer,
    readonly admin: Client,
    readonly worker: Worker,
    readonly server: HttpListener,
    readonly app: NestFastifyApplication,
    private readonly environment: Record<string, string>,
  ) {
    this.directories.add(app.get(TenantDirectory, { strict: false }));
  }

  static async open(extra: Record<string, string> = {}): Promise<AnalyticsHouse> {
    const [database, issuer] = [
      await testDatabase([analyticsSchema, eventLogSchema]),
      await TokenIssuer.start(),
    ];
    const environment = {
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATABASE_URL: database.urlFor('analytics_api'),
      DATABASE_POOL_MAX: '10',
      AUTH_JWKS_URL: issuer.jwksUrl,
      REDIS_URL: 'memory:',
      API_KEY_SECRET: TEST_PSEUDONYM_SECRET,
      EVENT_PSEUDONYM_SECRET: TEST_PSEUDONYM_SECRET,
      WEBHOOK_SECRET: TEST_PSEUDONYM_SECRET,
      EVENT_LOG_URL: database.urlFor('event_log'),
      RATE_LIMIT_GENERAL_PER_MIN: '0',
      ...extra,
    };
    const config = analyticsConfig.parse(environment);
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    const worker = await openAnalytics(
      database,
      'analytics_worker',
      storing({ pseudonymSecret: TEST_PSEUDONYM_SECRET }).providers,
    );
    const app = await createAnalyticsApp(config);
    const server = await listenHttp(app, [], config.http);
    return new AnalyticsHouse(server.url, database, issuer, admin, worker, server, app, environment);
  }

  /** One more instance of the API, on the same database. */
  async another(): Promise<HttpListener> {
    const config = analyticsConfig.parse(this.environment);
    const app = await createAnalyticsApp(config);
    const listener = await listenHttp(app, [], config.http);
    const directory = app.get(TenantDirectory, { strict: false });
    this.directories.add(directory);
    const close = () => {
      this.directories.delete(directory);
      return listener.close();
    };
    return { ...listener, close };
  }

  /** A tenant that every instance of the API knows. */
  async tenant({ defaultApp = true }: { defaultApp?: boolean } = {}): Promise<TestTenant> {
    const tenant = { tenantId: newId<TenantId>(), appId: newId() };
    await this.admin.query(
      `insert into analytics.tenant_directory (tenant_id, subdomain, status, origins, domains, default_app_id, revision)
       values ($1, $2, 'active', '{}', '{}', $3, 1)`,
      [tenant.tenantId, `loja-${tenant.tenantId.slice(-12)}`, defaultApp ? tenant.appId : null],
    );
    for (const directory of this.directories)
      await eventually(async () => {
        await directory.refresh();
        expect(directory.byId(tenant.tenantId)).toBeDefined();
      });
    return tenant;
  }

  /** An API key of the tenant's application. */
  async key({ tenantId, appId }: TestTenant, scopes = ['analytics:read']): Promise<string> {
    const { text } = mintApiKey();
    const hmac = new ApiKeyPeppers([{ version: 1, secret: TEST_PSEUDONYM_SECRET }]).hmac(text);
    await this.admin.query(
      `insert into analytics.api_key_directory (tenant_id, key_id, hmac, app_id, scopes, requests_per_minute, revision)
       values ($1, $2, decode($3, 'hex'), $4, $5, null, 1)`,
      [tenantId, newId(), hmac, appId, scopes],
    );
    return text;
  }

  token({ tenantId }: TestTenant, scope = 'analytics:read', userId = newId<UserId>()): string {
    return this.issuer.tokenFor({ tenantId, userId, scope });
  }

  /** As the worker stores what the log brings it. */
  async store(events: readonly ReceivedEvent[]): Promise<void> {
    await this.worker.get(StoreEvents).execute(events);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.worker.close();
    await this.admin.end();
    await this.issuer.stop();
    await this.database.drop();
  }
}
