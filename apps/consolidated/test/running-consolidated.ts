import { topics } from '@libs/contracts';
import { HttpListener, listenHttp } from '@libs/http';
import { newId, TenantId } from '@libs/kernel';
import { ClosablePublisher, eventLogSchema, eventPublisher } from '@libs/messaging';
import { eventually, testDatabase, TestDatabase, TokenIssuer } from '@libs/testing';
import { createConsolidatedApp } from '../src/consolidated.app';
import { consolidatedConfig } from '../src/consolidated.config';
import { consolidatedSchema } from '../src/consolidated.schema';
import { Entry } from '../src/domain/entry';

/** The whole app on real PostgreSQL and the log in it, and what surrounds it: auth's keys, releases' messages. */
export class RunningConsolidated {
  private constructor(
    readonly database: TestDatabase,
    readonly listener: HttpListener,
    private readonly issuer: TokenIssuer,
    readonly publisher: ClosablePublisher,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<RunningConsolidated> {
    const database = await testDatabase([consolidatedSchema, eventLogSchema]);
    const issuer = await TokenIssuer.start();
    const config = consolidatedConfig.parse({
      PORT: '0',
      HOST: '127.0.0.1',
      RATE_LIMIT_GENERAL_PER_MIN: '0',
      DATABASE_URL: database.urlFor('consolidated_api'),
      DATABASE_WORKER_URL: database.urlFor('consolidated_worker'),
      EVENT_LOG_URL: database.urlFor('event_log'),
      REDIS_URL: 'memory:',
      AUTH_JWKS_URL: issuer.jwksUrl,
      API_KEY_SECRET: 'a secret for tests, thirty-two characters at least',
      ...environment,
    });
    const app = await createConsolidatedApp(config);
    const listener = await listenHttp(app, [], config.http);
    return new RunningConsolidated(database, listener, issuer, eventPublisher(config.messaging));
  }

  tokenOf(tenantId: TenantId, scope = 'releases:read'): string {
    return this.issuer.tokenFor({ tenantId, userId: newId(), scope });
  }

  /** What releases' relay would publish. */
  async post(...entries: Entry[]): Promise<void> {
    const values = entries.map((entry) =>
      envelope(topics.releasesPosted, entry.tenantId, {
        releaseId: entry.releaseId,
        userId: newId(),
        amount: entry.amount.toString(),
        description: 'Venda no balcão',
        occurredAt: entry.occurredAt.toISOString(),
        businessDate: entry.businessDate.toString(),
      }),
    );
    await this.publish(topics.releasesPosted, values);
  }

  /** What auth's relay would publish. */
  async change(tenantId: TenantId, payload: object): Promise<void> {
    await this.publish(topics.tenantChanged, [envelope(topics.tenantChanged, tenantId, payload)]);
  }

  async publish(topic: string, values: readonly string[]): Promise<void> {
    await this.publisher.publish(
      topic,
      values.map((value) => ({ key: 'any', value })),
    );
  }

  async get(path: string, tenantId?: TenantId, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(`${this.listener.url}/api/v1${path}`, {
      headers: {
        ...(tenantId ? { authorization: `Bearer ${this.tokenOf(tenantId)}` } : {}),
        ...headers,
      },
    });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  }

  /** As a client that asks again while the release is not in yet: a busy machine takes longer than one answer waits. */
  after(releaseId: string, tenantId: TenantId, path = '/consolidated/daily'): Promise<Reply> {
    return eventually(async () => {
      const reply = await this.get(`${path}${path.includes('?') ? '&' : '?'}after=${releaseId}`, tenantId);
      if (reply.headers.get('x-after') !== 'INCLUDED') throw new Error(`${releaseId} is not in yet`);
      return reply;
    });
  }

  async stop(): Promise<void> {
    await this.listener.close();
    await this.publisher.close();
    await this.issuer.stop();
    await this.database.drop();
  }
}

export interface Reply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

function envelope(type: string, tenantId: TenantId, payload: object): string {
  const id = newId();
  return JSON.stringify({
    id,
    type,
    version: 1,
    tenantId,
    occurredAt: new Date().toISOString(),
    requestId: id,
    payload,
  });
}
