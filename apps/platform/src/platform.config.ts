import { boolean, ConfigOf, defineConfig, string } from '@libs/config';
import { httpSettings } from '@libs/http';
import { loggingSettings } from '@libs/logging';
import { redisSettings } from '@libs/redis';

/**
 * The environment of `npm start`. Nothing is required. What is given (DATABASE_ADMIN_URL, KAFKA_BROKERS, REDIS_URL,
 * SQS_ENDPOINT) is used in place of the embedded part; everything else an application reads, it reads here too.
 */
export const platformConfig = defineConfig({
  http: httpSettings({ port: 3000, host: '127.0.0.1' }),
  logging: loggingSettings(),
  redis: redisSettings({ inProcessByDefault: true }),
  dataDir: string('MONEYFLOW_DATA_DIR', {
    default: '.data',
    about:
      'Where `npm start` keeps everything: databases, queues, secrets, logs. Deleting it is a factory reset.',
  }),
  demo: boolean('MONEYFLOW_DEMO', {
    default: true,
    about:
      'Whether the first `npm start` on a data folder makes a demo company; never where HOST lets others in, as everybody knows its password.',
  }),
});

export type PlatformConfig = ConfigOf<typeof platformConfig>;
