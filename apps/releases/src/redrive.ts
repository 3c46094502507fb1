import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { bootOrExit } from '@libs/config';
import { NestLogger, configureLogging } from '@libs/logging';
import { RedriveReleases } from './application/redrive-releases';
import { RedriveModule } from './redrive.module';
import { releasesRedriveConfig } from './releases.config';

// npm run releases:redrive [-- --dry-run]
void bootOrExit('releases:redrive', async () => {
  const config = releasesRedriveConfig.parse(process.env);
  configureLogging({ ...config.logging, level: 'warn' });
  const app = await NestFactory.createApplicationContext(RedriveModule.forRoot(config), {
    logger: new NestLogger(),
    abortOnError: false,
  });
  const redrive = app.get(RedriveReleases);
  const dryRun = process.argv.includes('--dry-run');
  const { rows, messages } = dryRun ? await redrive.preview() : await redrive.execute();
  process.stdout.write(
    `${dryRun ? 'would redrive' : 'redriven'}: ${rows} rejected releases, ${messages} messages of the dead-letter queue\n`,
  );
  await app.close();
});
