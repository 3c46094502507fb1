import { randomBytes } from 'node:crypto';
import { EmbeddedAws, freePort } from '@libs/embedded';
import { Entrances } from './api-client';
import { AppProcess } from './app-process';
import { TestKafka, testKafka } from './kafka';
import { TestDatabase } from './postgres';
import { TestRedis, testRedis } from './redis';
import { testAws } from './sqs';

const ENTRIES = {
  auth: 'apps/auth/src/main.js',
  releases: 'apps/releases/src/main.js',
  'worker-1': 'apps/releases/src/worker.js',
  'worker-2': 'apps/releases/src/worker.js',
  consolidated: 'apps/consolidated/src/main.js',
  events: 'apps/events/src/main.js',
  'events-sink': 'apps/events/src/sink.js',
  analytics: 'apps/analytics/src/main.js',
  'analytics-worker': 'apps/analytics/src/rollup.js',
} as const;

export type AppName = keyof typeof ENTRIES;
export const APP_NAMES = Object.keys(ENTRIES) as AppName[];

/** After a crash these decide how long the survivors wait; production's minutes would only make tests slow. */
const SHORT_WAITS = {
  OUTBOX_LEASE_SECONDS: '2',
  KAFKA_SESSION_TIMEOUT_MS: '6000',
  RELEASES_VISIBILITY_SECONDS: '3',
};

/**
 * Every app in an operating-system process of its own on real Kafka (TLS and SCRAM-SHA-512), Redis, PostgreSQL and SQS,
 * as `npm run start:<app>` would start it.
 */
export class HouseApart {
  private readonly running = new Map<AppName, AppProcess>();
  private readonly secret = randomBytes(32).toString('base64url');

  private constructor(
    private readonly database: TestDatabase,
    readonly kafka: TestKafka,
    readonly redis: TestRedis,
    private readonly aws: EmbeddedAws,
    private readonly ports: Record<AppName, number>,
  ) {}

  /** Starts the services; no app yet. The caller keeps the database. */
  static async found(database: TestDatabase): Promise<HouseApart> {
    const [kafka, redis, aws] = await Promise.all([testKafka(), testRedis(), testAws()]);
    const ports = {} as Record<AppName, number>;
    for (const name of APP_NAMES) ports[name] = await freePort();
    return new HouseApart(database, kafka, redis, aws, ports);
  }

  get entrances(): Entrances {
    return {
      auth: this.url('auth'),
      releases: this.url('releases'),
      consolidated: this.url('consolidated'),
      events: this.url('events'),
      analytics: this.url('analytics'),
    };
  }

  url(name: AppName): string {
    return `http://127.0.0.1:${this.ports[name]}`;
  }

  app(name: AppName): AppProcess {
    const app = this.running.get(name);
    if (!app) throw new Error(`${name} was not started`);
    return app;
  }

  /** Every app, or `auth` and those that a test is about: the machine is small. */
  async startAll(names: readonly AppName[] = APP_NAMES): Promise<void> {
    await this.start('auth'); // the others fetch its keys
    await Promise.all(names.filter((name) => name !== 'auth').map((name) => this.start(name)));
  }

  /** Starts one app and waits until it is ready. */
  async start(name: AppName, extra: Record<string, string> = {}): Promise<AppProcess> {
    const app = this.launch(name, extra);
    await app.ready();
    return app;
  }

  /** Starts one app that may die before it is ready. */
  launch(name: AppName, extra: Record<string, string> = {}): AppProcess {
    const app = AppProcess.launch({
      entry: ENTRIES[name],
      env: { ...this.environment(name), ...extra },
      readyUrl: `${this.url(name)}/health/ready`,
    });
    this.running.set(name, app);
    return app;
  }

  /** Stops every app, politely; answers the longest time it took, in milliseconds. */
  async stopAll(): Promise<number> {
    const times = await Promise.all([...this.running.values()].map((app) => app.stop()));
    return Math.max(0, ...times);
  }

  async tearDown(): Promise<void> {
    await this.stopAll();
    await Promise.all([this.kafka.stop(), this.redis.stop(), this.aws.stop()]);
  }

  /** The variables an operator would set for one app. */
  environment(name: AppName): Record<string, string> {
    const [broker] = this.kafka.saslBrokers;
    const shared = {
      PORT: String(this.ports[name]),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_GENERAL_PER_MIN: '0',
      RATE_LIMIT_LOGIN_PER_15_MIN: '0',
      REDIS_URL: this.redis.url,
      KAFKA_BROKERS: String(broker),
      KAFKA_USERNAME: this.kafka.username,
      KAFKA_PASSWORD: this.kafka.password,
      KAFKA_SSL_CA: this.kafka.ca,
      AWS_REGION: this.aws.region,
      SQS_ENDPOINT: this.aws.endpoint,
      S3_ENDPOINT: this.aws.endpoint,
      S3_BUCKET: this.aws.bucket,
      SQS_RELEASES_QUEUE_URL: String(this.aws.queueUrls['releases']),
      SQS_RELEASES_DLQ_URL: String(this.aws.queueUrls['releases-dlq']),
      AUTH_JWKS_URL: `${this.url('auth')}/.well-known/jwks.json`,
      AUTH_KEY_SECRET: this.secret,
      RELEASE_ID_SECRET: this.secret,
      API_KEY_SECRET: this.secret,
      EVENT_PSEUDONYM_SECRET: this.secret,
      WEBHOOK_SECRET: this.secret,
      RATE_LIMIT_EVENTS_PER_MIN: '0',
      RATE_LIMIT_KEY_PER_MIN: '0',
      ...SHORT_WAITS,
    };
    return { ...shared, ...this.roles(name) };
  }

  private roles(name: AppName): Record<string, string> {
    const url = (role: string): string => this.database.urlFor(role);
    switch (name) {
      case 'auth':
        return {
          DATABASE_URL: url('auth_api'),
          DATABASE_RELAY_URL: url('auth_relay'),
          SMTP_URL: 'log:',
        };
      case 'releases':
        return { DATABASE_URL: url('releases_api') };
      case 'worker-1':
      case 'worker-2':
        return { DATABASE_URL: url('releases_worker'), DATABASE_RELAY_URL: url('releases_relay') };
      case 'consolidated':
        return { DATABASE_URL: url('consolidated_api'), DATABASE_WORKER_URL: url('consolidated_worker') };
      case 'events':
        return { DATABASE_URL: url('events_api') };
      case 'events-sink':
        return { DATABASE_URL: url('events_worker'), DATABASE_RELAY_URL: url('events_relay') };
      case 'analytics':
        return { DATABASE_URL: url('analytics_api') };
      case 'analytics-worker':
        return { DATABASE_URL: url('analytics_worker'), DATABASE_RELAY_URL: url('analytics_relay') };
    }
  }
}
