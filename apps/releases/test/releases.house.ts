import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sqsClient } from '@libs/aws';
import { Client } from 'pg';
import { HttpListener, listenHttp } from '@libs/http';
import { TenantId, UserId, newId } from '@libs/kernel';
import { eventLogSchema } from '@libs/messaging';
import { Answer, Call, Caller, TestDatabase, TokenIssuer, call, testAws, testDatabase } from '@libs/testing';
import { createReleasesApp } from '../src/releases.app';
import {
  ReleasesRedriveConfig,
  releasesConfig,
  releasesRedriveConfig,
  releasesWorkerConfig,
} from '../src/releases.config';
import { releasesSchema } from '../src/releases.schema';
import { createReleasesWorker } from '../src/worker.app';

type Aws = Awaited<ReturnType<typeof testAws>>;

/** The whole app on real parts: the API over HTTP, and workers as many as a test hires. */
export class ReleasesHouse {
  private readonly workers: NestFastifyApplication[] = [];
  private readonly sqs: SQSClient;

  private constructor(
    readonly database: TestDatabase,
    readonly aws: Aws,
    readonly issuer: TokenIssuer,
    readonly admin: Client,
    private readonly listener: HttpListener,
  ) {
    this.sqs = sqsClient(aws.settings);
  }

  static async open(): Promise<ReleasesHouse> {
    const database = await testDatabase([releasesSchema, eventLogSchema]);
    const [aws, issuer] = [await testAws({ visibilitySeconds: 5 }), await TokenIssuer.start()];
    const config = releasesConfig.parse({
      ...sharedEnvironment(aws),
      DATABASE_URL: database.urlFor('releases_api'),
      AUTH_JWKS_URL: issuer.jwksUrl,
      REDIS_URL: 'memory:',
      RELEASE_ID_SECRET: 'a secret that only the tests know',
      API_KEY_SECRET: 'a secret for tests, thirty-two characters at least',
      EVENT_LOG_URL: database.urlFor('event_log'),
    });
    const listener = await listenHttp(await createReleasesApp(config), [], config.http);
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    return new ReleasesHouse(database, aws, issuer, admin, listener);
  }

  async hireWorker(): Promise<NestFastifyApplication> {
    const worker = await createReleasesWorker(
      releasesWorkerConfig.parse({
        ...sharedEnvironment(this.aws),
        DATABASE_URL: this.database.urlFor('releases_worker'),
        DATABASE_RELAY_URL: this.database.urlFor('releases_relay'),
        EVENT_LOG_URL: this.database.urlFor('event_log'),
      }),
    );
    this.workers.push(worker);
    return worker;
  }

  redriveConfig(): ReleasesRedriveConfig {
    return releasesRedriveConfig.parse({
      ...sharedEnvironment(this.aws),
      DATABASE_URL: this.database.urlFor('releases_worker'),
      DATABASE_OPERATOR_URL: this.database.urlFor('operator'),
    });
  }

  call<T = Record<string, never>>(caller: Caller, path: string, options: Call = {}): Promise<Answer<T>> {
    return call<T>(this.listener.url, `/api/v1/releases${path}`, {
      token: this.issuer.tokenFor(caller),
      ...options,
    });
  }

  /** Messages of the queue that are not deleted yet, held by a worker or not. */
  async waitingMessages(): Promise<number> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.aws.queueUrls['releases'],
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
  }

  get url(): string {
    return this.listener.url;
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.close();
    await this.listener.close();
    this.sqs.destroy();
    await this.issuer.stop();
    await this.aws.stop();
    await this.admin.end();
    await this.database.drop();
  }
}

export function aCaller(scope?: string): Caller {
  return { tenantId: newId<TenantId>(), userId: newId<UserId>(), scope };
}

function sharedEnvironment({ settings, queueUrls, bucket }: Aws) {
  return {
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_GENERAL_PER_MIN: '0',
    DATABASE_POOL_MAX: '4',
    AWS_REGION: settings.region,
    SQS_ENDPOINT: settings.sqsEndpoint,
    S3_ENDPOINT: settings.s3Endpoint,
    S3_BUCKET: bucket,
    SQS_RELEASES_QUEUE_URL: queueUrls['releases'],
    SQS_RELEASES_DLQ_URL: queueUrls['releases-dlq'],
  };
}
