import { createStream, RotatingFileStream } from 'rotating-file-stream';

const MOST_BUFFERED = 16 * 1024 * 1024;
const RETRY_MS = 5_000;

/**
 * One rotated file. A disk that is full or away never stops the process: lines are dropped, stderr is told once,
 * and the file is opened again after some seconds.
 */
export class LogFile {
  private stream?: RotatingFileStream;
  private retryAt = 0;
  private dropped = 0;

  constructor(
    private readonly dir: string,
    private readonly name: string,
    private readonly limits: { readonly fileMegabytes: number; readonly files: number },
  ) {
    this.stream = this.open();
  }

  write(line: string): void {
    const stream = this.stream ?? this.reopen();
    if (!stream || stream.writableLength > MOST_BUFFERED) this.dropped++;
    else stream.write(line);
  }

  flush(): Promise<void> {
    const stream = this.stream;
    if (!stream || stream.writableLength === 0) return Promise.resolve();
    return new Promise((resolve) => {
      stream.write('', () => resolve());
    });
  }

  close(): void {
    this.stream?.end();
    this.stream = undefined;
    this.retryAt = Infinity;
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
