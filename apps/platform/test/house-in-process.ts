import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HttpListener, listenHttp } from '@libs/http';
import { freePort, testAws, TestDatabase, testDatabase } from '@libs/testing';
import { appEnvironments } from '../src/app-environments';
import { Application, createApplications } from '../src/applications';
import { backgroundSettings, createBackgroundApplications } from '../src/background/background-applications';
import { createPlatformApp } from '../src/platform.app';
import { platformConfig } from '../src/platform.config';
import { schemas } from '../src/schemas';
import { Undo } from '../src/undo';

/** Every application behind the one listener, as `npm start` has them, in the process of the test. */
export class HouseInProcess {
  private constructor(
    readonly url: string,
    readonly platform: NestFastifyApplication,
    readonly applications: readonly Application[],
    /** For looking behind the walls. */
    readonly database: TestDatabase,
    private readonly closing: (() => Promise<unknown>)[],
  ) {}

  static async open(extra: Record<string, string> = {}): Promise<HouseInProcess> {
    const [database, aws, port] = [await testDatabase(schemas), await testAws(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const environments = appEnvironments(
      { ...environmentOf(aws, port), ...extra },
      servicesOf(database),
      SECRETS,
      url,
    );
    const applications = await createApplications(environments, new Undo());
    // In the test's own thread: a thread of ours would need compiled files.
    const background = await createBackgroundApplications(backgroundSettings(environments));
    for (const [name, app] of background) applications.push({ name, prefixes: [], app });
    const config = platformConfig.parse({ PORT: String(port), HOST: '127.0.0.1', ...LIMITS_OFF, ...extra });
    const platform = await createPlatformApp(config, applications);
    const listener: HttpListener = await listenHttp(platform, applications, config.http);
    const closing = [() => listener.close(), () => aws.stop(), () => database.drop()];
    return new HouseInProcess(url, platform, applications, database, closing);
  }

  async close(): Promise<void> {
    for (const close of this.closing) await close();
  }
}

const LIMITS_OFF = {
  RATE_LIMIT_GENERAL_PER_MIN: '0',
  RATE_LIMIT_LOGIN_PER_15_MIN: '0',
  RATE_LIMIT_EVENTS_PER_MIN: '0',
  RATE_LIMIT_KEY_PER_MIN: '0',
};
const SECRET = 'a secret for tests, thirty-two characters at least';
const SECRETS = {
  AUTH_KEY_SECRET: SECRET,
  RELEASE_ID_SECRET: SECRET,
  API_KEY_SECRET: SECRET,
  EVENT_PSEUDONYM_SECRET: SECRET,
  WEBHOOK_SECRET: SECRET,
  DATABASE_ROLE_SECRET: SECRET,
};

function environmentOf(aws: Awaited<ReturnType<typeof testAws>>, port: number): Record<string, string> {
  return {
    ...LIMITS_OFF,
    PORT: String(port),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    DATABASE_POOL_MAX: '4',
    AWS_REGION: aws.region,
    SQS_ENDPOINT: aws.endpoint,
    S3_ENDPOINT: aws.endpoint,
    S3_BUCKET: aws.bucket,
    SQS_RELEASES_QUEUE_URL: String(aws.queueUrls['releases']),
    SQS_RELEASES_DLQ_URL: String(aws.queueUrls['releases-dlq']),
  };
}

function servicesOf(database: TestDatabase) {
  return {
    environment: { EVENT_LOG_URL: database.urlFor('event_log') },
    described: [],
    roleUrl: (role: string) => database.urlFor(role),
  };
}
