import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { logger } from '@libs/logging';
import { HttpListener, listenHttp } from './listen-http';
import { HttpSettings } from './settings';

const SHUTDOWN_LIMIT_MS = 10_000;

/** An application alone: listens, and leaves in order on SIGTERM or SIGINT. */
export async function serveHttp(app: NestFastifyApplication, settings: HttpSettings): Promise<HttpListener> {
  const listener = await listenHttp(app, [], settings);
  closeOnSignals(() => listener.close());
  return listener;
}

/** Runs `close` once on SIGTERM or SIGINT and ends the process, at the latest after 10 s. */
export function closeOnSignals(close: () => Promise<void>): void {
  let leaving = false;
  const leave = (signal: NodeJS.Signals): void => {
    if (leaving) return;
    leaving = true;
    logger('http').info({ signal }, 'leaving');
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger('http').error({ err: error }, 'the shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
}
