import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { redriveDeadLetters, redriveOptions, RedriveOptions } from '@libs/messaging';
import { RedriveConfig, redriveConfig } from './events.config';

/** Publishes the letters of `events.dead_letter` on the topics they came from. @returns how many */
export function redrive({ worker, ...config }: RedriveConfig, options: RedriveOptions): Promise<number> {
  const urlVariable = 'DATABASE_EVENTS_URL';
  return redriveDeadLetters({ schema: 'events', worker: { ...worker, urlVariable }, ...config }, options);
}

// npm run events:redrive [-- --dry-run]
if (require.main === module) {
  void bootOrExit('events:redrive', () =>
    redrive(redriveConfig.parse(process.env), redriveOptions(process.argv.slice(2))),
  );
}
