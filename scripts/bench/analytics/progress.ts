const WIDTH = 24;
const EVERY_MS = 500;
/** Where nobody looks on, a line now and then is enough. */
const EVERY_MS_IN_A_LOG = 10_000;

/** A bar on stderr: how much is done, how fast, and how long it will take. */
export class Progress {
  private readonly started = performance.now();
  private told = 0;
  private done = 0;

  constructor(
    private readonly what: string,
    private readonly all: number,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  add(count: number): void {
    this.done += count;
    const now = performance.now();
    if (now - this.told < (this.out.isTTY ? EVERY_MS : EVERY_MS_IN_A_LOG)) return;
    this.told = now;
    this.tell();
  }

  say(line: string): void {
    this.out.write(`${line}\n`);
  }

  end(): void {
    this.tell();
    if (this.out.isTTY) this.out.write('\n');
  }

  private tell(): void {
    const share = this.all > 0 ? Math.min(1, this.done / this.all) : 1;
    const seconds = (performance.now() - this.started) / 1_000;
    const bar = '█'.repeat(Math.round(WIDTH * share)).padEnd(WIDTH, '░');
    const left = share > 0 ? Math.round(seconds / share - seconds) : undefined;
    const line = `${this.what} ${bar} ${(share * 100).toFixed(0)} %, ${Math.round(this.done / seconds)}/s, ${clock(left)} left`;
    this.out.write(this.out.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  }
}

function clock(seconds: number | undefined): string {
  if (seconds === undefined) return '?';
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
