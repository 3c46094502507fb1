import { bootOrExit } from '@libs/config';
import { serveHttp } from '@libs/http';
import { configureLogging, logger } from '@libs/logging';
import { createConsolidatedApp } from './consolidated.app';
import { consolidatedConfig } from './consolidated.config';

void bootOrExit('consolidated', async () => {
  const config = consolidatedConfig.parse(process.env);
  configureLogging(config.logging);
  const app = await createConsolidatedApp(config);
  const { url } = await serveHttp(app, config.http);
  logger('consolidated').info({ url }, 'consolidated listens');
});
