import pino from 'pino';
import { LogFile } from './log-file';
import { LoggingSettings } from './logging.settings';
import { pretty } from './pretty';

const ERROR = pino.levels.values['error'] ?? 50;

/** Where finished lines go: stdout, and app.log with error.log. pino hands it the level of each line. */
export class LogSink {
  // Makes pino set `lastLevel` before each write.
  get [Symbol.for('pino.metadata')](): boolean {
    return true;
  }
  lastLevel = 0;
  private stdout?: Pick<pino.DestinationStream, 'write'> = process.stderr;
  private prettily = false;
  private app?: LogFile;
  private error?: LogFile;
  private forward?: (line: string, urgent: boolean) => void;

  configure(settings: LoggingSettings): void {
    this.app?.close();
    this.error?.close();
    this.app = this.error = undefined;
    this.prettily = settings.format === 'pretty';
    this.stdout = settings.stdout ? asynchronousStdout() : undefined;
    if (!settings.dir) return;
    this.app = new LogFile(settings.dir, 'app.log', settings);
    this.error = new LogFile(settings.dir, 'error.log', settings);
  }

  forwardTo(pass: (line: string, urgent: boolean) => void): void {
    this.forward = pass;
  }

  write(line: string): void {
    const urgent = this.lastLevel >= ERROR;
    if (this.forward) this.forward(line, urgent);
    else this.keep(line, urgent);
  }

  /** @param urgent at least an error */
  keep(line: string, urgent: boolean): void {
    this.stdout?.write(this.prettily ? pretty(line) : line);
    this.app?.write(line, urgent);
    if (urgent) this.error?.write(line, urgent);
  }

  async flush(): Promise<void> {
    await Promise.all([flushStdout(), this.app?.flush(), this.error?.flush()]);
  }
}

let shared: ReturnType<typeof pino.destination> | undefined;

/** Lines gather while a write is under way, so that a burst costs few system calls; written out when the process ends. */
function asynchronousStdout(): pino.DestinationStream {
  return (shared ??= pino.destination({ fd: 1, sync: false }));
}

function flushStdout(): Promise<void> {
  return new Promise((resolve) => (shared ? shared.flush(() => resolve()) : resolve()));
}
