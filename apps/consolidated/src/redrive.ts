import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { redriveDeadLetters, redriveOptions, RedriveOptions } from '@libs/messaging';
import { RedriveConfig, redriveConfig } from './consolidated.config';

/** Publishes the letters of `consolidated.dead_letter` on the topics they came from. @returns how many */
export function redrive({ worker, ...config }: RedriveConfig, options: RedriveOptions): Promise<number> {
  const urlVariable = 'DATABASE_WORKER_URL';
  return redriveDeadLetters(
    { schema: 'consolidated', worker: { ...worker, urlVariable }, ...config },
    options,
  );
}

// npm run consolidated:redrive [-- --dry-run]
if (require.main === module) {
  void bootOrExit('consolidated:redrive', () =>
    redrive(redriveConfig.parse(process.env), redriveOptions(process.argv.slice(2))),
  );
}
