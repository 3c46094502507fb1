import { requestContext } from '@libs/kernel';
import pino from 'pino';
import { LogSink } from './log-sink';
import { LoggingSettings } from './logging.settings';
import { redact } from './redact';

export type Logger = pino.Logger;

const sink = new LogSink();

let isoAt = 0;
let iso = '';

const root = pino(
  {
    // Until configured (a test, a script) only what is wrong is worth a line.
    level: 'warn',
    base: null,
    timestamp: () => `,"time":"${isoNow()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    mixin() {
      const context = requestContext.current();
      if (!context) return {}; // pino writes into it: never a shared object
      return { requestId: context.requestId, tenantId: context.tenantId };
    },
    hooks: { streamWrite: redact },
  },
  sink,
);
const loggers = new Map<string, Logger>();

/** The logger of a part of the system, by name. May be called while modules load: settings reach it later too. */
export function logger(name: string): Logger {
  let existing = loggers.get(name);
  if (!existing) {
    existing = root.child({ name });
    loggers.set(name, existing);
  }
  return existing;
}

/** Once per process, before the first line: level, format and places. Calling it again replaces them. */
export function configureLogging(settings: LoggingSettings): void {
  sink.configure(settings);
  setLevel(settings.level);
}

function setLevel(level: LoggingSettings['level']): void {
  root.level = level;
  for (const each of loggers.values()) each.level = level;
}

/** On a thread that has no files of its own: finished lines go to `pass`, for `writeForwarded` on the main thread. */
export function forwardLogging(
  level: LoggingSettings['level'],
  pass: (line: string, urgent: boolean) => void,
): void {
  sink.forwardTo(pass);
  setLevel(level);
}

/** Writes a line that another thread finished. */
export function writeForwarded(line: string, urgent: boolean): void {
  sink.keep(line, urgent);
}

/**
 * An info line past serialisers and redaction, for the request log, which every request pays for (20 µs otherwise).
 * `members` is JSON of this process's own values alone: route patterns, numbers, ids it made or checked itself.
 */
export function writeOwnLine(name: string, members: string): void {
  sink.lastLevel = pino.levels.values['info'] ?? 30;
  sink.write(`{"level":"info","time":"${isoNow()}","name":"${name}",${members}}\n`);
}

/** Many lines share a millisecond. */
function isoNow(): string {
  const now = Date.now();
  if (now !== isoAt) {
    isoAt = now;
    iso = new Date(now).toISOString();
  }
  return iso;
}

/** Writes out what is buffered; the last step of a shutdown. */
export function flushLogging(): Promise<void> {
  return sink.flush();
}
