import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { createHttpApp, mergeOpenApi, openApiOf, readinessOf } from '@libs/http';
import { Application } from './applications';
import { DemoWriteKey } from './demo/demo-write-key';
import { PlatformConfig } from './platform.config';
import { PlatformModule } from './platform.module';

const ABOUT = {
  title: 'MoneyFlow',
  version: VERSION,
  description:
    'Sign-in, credit and debit releases, the consolidated day, events and analytics of Brazilian companies.',
};

/** What speaks for all applications: one /health, one /health/ready, one /metrics, one /api-docs. Not listening. */
export async function createPlatformApp(
  config: PlatformConfig,
  applications: readonly Application[],
  demoKey = new DemoWriteKey(),
): Promise<NestFastifyApplication> {
  const documented = applications.filter((application) => application.prefixes.length > 0);
  const app = await createHttpApp(PlatformModule.forRoot(config, demoKey), {
    name: 'platform',
    outsidePrefix: ['test.json'],
    settings: config.http,
    ...ABOUT,
    document: () =>
      mergeOpenApi(
        ABOUT,
        documented.map((application) => openApiOf(application.app)),
      ),
  });
  const readiness = readinessOf(app);
  for (const application of applications) readiness.include(application.name, readinessOf(application.app));
  return app;
}
