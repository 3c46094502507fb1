import { boolean, integer, oneOf, string } from '@libs/config';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface LoggingSettings {
  readonly level: LogLevel;
  /** Where app.log and error.log go; absent: no files. */
  readonly dir?: string;
  readonly format: 'json' | 'pretty';
  readonly stdout: boolean;
  /** Rotates a file that grew to this many megabytes, and daily. */
  readonly fileMegabytes: number;
  /** How many rotated files of each kind are kept. */
  readonly files: number;
}

export function loggingSettings() {
  return {
    level: oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      default: 'info',
      about: 'The least severe level that is logged.',
    }),
    dir: string('LOG_DIR', {
      optional: true,
      example: './logs',
      about: 'A folder for app.log and error.log, rotated. Without it logs go to stdout only.',
    }),
    format: oneOf('LOG_FORMAT', ['json', 'pretty'], {
      default: 'json',
      about:
        'How stdout looks: one JSON object a line for machines, or pretty for people. Files are always JSON.',
    }),
    stdout: boolean('LOG_STDOUT', { default: true, about: 'Whether to log to stdout.' }),
    fileMegabytes: integer('LOG_FILE_MEGABYTES', {
      default: 20,
      min: 1,
      about: 'A log file that grew to this many megabytes is rotated (and each one daily).',
    }),
    files: integer('LOG_FILES', {
      default: 10,
      min: 1,
      about: 'How many rotated files of each kind are kept.',
    }),
  };
}
