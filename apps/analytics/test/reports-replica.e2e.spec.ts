import { Client } from 'pg';
import { HttpListener, listenHttp } from '@libs/http';
import { eventLogSchema } from '@libs/messaging';
import { TestDatabase, testDatabase, TokenIssuer } from '@libs/testing';
import { newId, TenantId, UserId } from '@libs/kernel';
import { createAnalyticsApp } from '../src/analytics.app';
import { analyticsConfig } from '../src/analytics.config';
import { analyticsSchema } from '../src/analytics.schema';

const SECRET = 'a secret for tests, thirty-two characters at least';

describe('DATABASE_REPLICA_URL', () => {
  let databases: TestDatabase[];
  let issuer: TokenIssuer;
  let server: HttpListener;
  let url: string;

  beforeAll(async () => {
    databases = [
      await testDatabase([analyticsSchema, eventLogSchema]),
      await testDatabase([analyticsSchema]),
    ];
    issuer = await TokenIssuer.start();
    const [primary, replica] = databases;
    const config = analyticsConfig.parse({
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATABASE_URL: primary!.urlFor('analytics_api'),
      DATABASE_REPLICA_URL: replica!.urlFor('analytics_api'),
      AUTH_JWKS_URL: issuer.jwksUrl,
      REDIS_URL: 'memory:',
      API_KEY_SECRET: SECRET,
      EVENT_PSEUDONYM_SECRET: SECRET,
      WEBHOOK_SECRET: SECRET,
      EVENT_LOG_URL: primary!.urlFor('event_log'),
    });
    server = await listenHttp(await createAnalyticsApp(config), [], config.http);
    url = server.url;
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await issuer?.stop();
    for (const database of databases ?? []) await database.drop();
  });

  it('is where reports are read, with its own versions, and is told by readiness', async () => {
    const [tenantId, appId] = [newId<TenantId>(), newId()];
    const admin = new Client({ connectionString: databases[1]!.adminUrl });
    await admin.connect();
    const bucket = '2026-03-10T12:00:00Z';
    const nobody = Buffer.from([1]);
    await admin.query(`insert into analytics.touched_day values ($1, $2, '2026-03-10', 1)`, [
      tenantId,
      appId,
    ]);
    await admin.query(`insert into analytics.quarter_rollup values ($1, $2, '*', $3, 5, $4, $4)`, [
      tenantId,
      appId,
      bucket,
      nobody,
    ]);
    await admin.end();
    const token = issuer.tokenFor({ tenantId, userId: newId<UserId>(), scope: 'analytics:read' });
    const answer = await fetch(
      `${url}/api/v1/analytics/events/summary?appId=${appId}&startDate=2026-03-10&endDate=2026-03-10`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    expect(await answer.json()).toMatchObject({ totals: { events: 5 } });
    expect(await (await fetch(`${url}/health/ready`)).text()).toContain('replica');
  });
});
