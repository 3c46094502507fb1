import 'reflect-metadata';
import { join, resolve } from 'node:path';
import { bootOrExit } from '@libs/config';
import { flushLogging, logger } from '@libs/logging';
import { banner } from './banner';
import { explainFailure } from './explain-failure';
import { leaveOnSignal } from './leave-on-signal';
import { startPlatform } from './platform';
import { platformConfig } from './platform.config';
import { Undo } from './undo';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const undo = new Undo();
let logs: string | undefined;

void bootOrExit(
  'MoneyFlow',
  async () => {
    const config = platformConfig.parse(process.env);
    logs = config.logging.dir ?? join(resolve(config.dataDir), 'logs');
    say('MoneyFlow is starting …');
    const starting = startPlatform(config, process.env, undo);
    leaveOnSignal({
      say,
      force: () => undo.force(),
      // A start that is under way is let finish or fail: half of it could not be undone.
      stop: async () => {
        await Promise.allSettled([starting]);
        await undo.run();
      },
    });
    try {
      say(banner(await starting, process.uptime()));
    } catch (error) {
      logger('platform').error({ err: error }, 'cannot start');
      await undo.run();
      await flushLogging();
      throw error;
    }
  },
  (_message, error) => void process.stderr.write(explainFailure(error, logs)),
);
