import { createStream, RotatingFileStream } from 'rotating-file-stream';

const MOST_BUFFERED = 16 * 1024 * 1024;
const RETRY_MS = 5_000;
const GATHER_MS = 50;
const GATHER_CHARS = 64 * 1024;

/**
 * One rotated file. A disk that is full or away never stops the process: lines are dropped, stderr is told once,
 * and the file is opened again after some seconds.
 */
export class LogFile {
  private stream?: RotatingFileStream;
  private retryAt = 0;
  private dropped = 0;
  /** The stream makes a system call of every write: under load lines go out together. */
  private gathered = '';
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly dir: string,
    private readonly name: string,
    private readonly limits: { readonly fileMegabytes: number; readonly files: number },
  ) {
    this.stream = this.open();
  }

  /** @param urgent what may be the last line of a process that fails: it does not wait for company */
  write(line: string, urgent = false): void {
    this.gathered += line;
    if (urgent || this.gathered.length >= GATHER_CHARS) this.pass();
    else this.timer ??= setTimeout(() => this.pass(), GATHER_MS);
  }

  flush(): Promise<void> {
    this.pass();
    const stream = this.stream;
    if (!stream || stream.writableLength === 0) return Promise.resolve();
    return new Promise((resolve) => {
      stream.write('', () => resolve());
    });
  }

  close(): void {
    this.pass();
    this.stream?.end();
    this.stream = undefined;
    this.retryAt = Infinity;
  }

  /** Hands what was gathered to the stream. */
  private pass(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.gathered;
    this.gathered = '';
    if (lines === '') return;
    const stream = this.stream ?? this.reopen();
    if (!stream || stream.writableLength > MOST_BUFFERED) this.dropped += lines.split('\n').length - 1;
    else stream.write(lines);
  }

  private reopen(): RotatingFileStream | undefined {
    if (Date.now() < this.retryAt) return undefined;
    this.stream = this.open();
    if (this.dropped > 0) {
      process.stderr.write(
        `${this.name}: ${this.dropped} lines were not kept while it could not be written\n`,
      );
      this.dropped = 0;
    }
    return this.stream;
  }

  private open(): RotatingFileStream {
    const stream = createStream(this.name, {
      path: this.dir,
      size: `${this.limits.fileMegabytes}M`,
      interval: '1d',
      maxFiles: this.limits.files,
      // Logs name users and tenants by id: the owner's business alone.
      mode: 0o600,
    });
    stream.on('error', (error) => {
      if (this.stream !== stream) return;
      this.stream = undefined;
      this.retryAt = Date.now() + RETRY_MS;
      process.stderr.write(`${this.name} in ${this.dir} cannot be written, retrying: ${error.message}\n`);
    });
    return stream;
  }
}
