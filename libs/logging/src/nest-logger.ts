import { LoggerService } from '@nestjs/common';
import { logger } from './logger';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

// Dozens of lines per boot that say only that the boot went well.
const CHATTY = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
]);

/** Sends Nest's own lines the way of all others. The last text argument is Nest's context, as in its own logger. */
export class NestLogger implements LoggerService {
  log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    this.write(typeof context === 'string' && CHATTY.has(context) ? 'debug' : 'info', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(level: Level, message: unknown, rest: unknown[]): void {
    const details = [...rest];
    const context = typeof details.at(-1) === 'string' ? (details.pop() as string) : 'nest';
    const fields = { ...(details.length > 0 && { details }) };
    // Nest passes a failure's stack as a text between message and context.
    const stack = details.find((each) => typeof each === 'string' && each.includes('\n    at '));
    if (message instanceof Error) logger(context)[level]({ err: message }, message.message);
    else if (stack) logger(context)[level]({ err: { message, stack } }, text(message));
    else logger(context)[level](fields, text(message));
  }
}

function text(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
