/** A message that waits for its batch. */
interface Waiting<Item> {
  item: Item;
  rows: number;
  /** On the clock that nobody sets: a batch must not wait for the wall clock to catch up. */
  since: number;
}

export interface AccumulatorOptions {
  maxRows: number;
  maxWaitMs: number;
}

/**
 * Gathers messages into batches and handles one batch at a time, while the next one gathers. A batch leaves when it has
 * `maxRows` rows or its first message waited `maxWaitMs`.
 */
export class Accumulator<Item> {
  private waiting: Waiting<Item>[] = [];
  private rows = 0;
  private timer?: NodeJS.Timeout;
  private busy = false;
  private readonly forRoom: (() => void)[] = [];
  private readonly forIdle: (() => void)[] = [];

  constructor(
    private readonly handle: (items: Item[]) => Promise<void>,
    private readonly options: AccumulatorOptions,
  ) {}

  add(item: Item, rows: number): void {
    this.waiting.push({ item, rows, since: performance.now() });
    this.rows += rows;
    this.consider();
  }

  /** Resolves when there is room: at most two batches wait while one is handled. */
  async room(): Promise<void> {
    while (this.rows >= 2 * this.options.maxRows) await new Promise<void>((go) => this.forRoom.push(go));
  }

  /** Handles what waits and resolves when nothing is left. */
  async drain(): Promise<void> {
    if (this.waiting.length === 0 && !this.busy) return;
    const idle = new Promise<void>((go) => this.forIdle.push(go));
    this.launch();
    await idle;
  }

  private consider(): void {
    const [first] = this.waiting;
    if (this.busy || !first) return;
    const wait = first.since + this.options.maxWaitMs - performance.now();
    if (this.rows >= this.options.maxRows || wait <= 0 || this.forIdle.length > 0) this.launch();
    else this.timer ??= setTimeout(() => this.launch(), wait);
  }

  private launch(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.busy || this.waiting.length === 0) return;
    this.busy = true;
    // `handle` deals with its failures itself.
    void this.handle(this.take()).finally(() => this.landed());
    if (this.rows < 2 * this.options.maxRows) this.forRoom.splice(0).forEach((go) => go());
  }

  private take(): Item[] {
    let rows = 0;
    let count = 0;
    for (const next of this.waiting) {
      if (count > 0 && rows + next.rows > this.options.maxRows) break;
      rows += next.rows;
      count += 1;
    }
    this.rows -= rows;
    return this.waiting.splice(0, count).map(({ item }) => item);
  }

  private landed(): void {
    this.busy = false;
    this.consider();
    if (!this.busy && this.waiting.length === 0) this.forIdle.splice(0).forEach((go) => go());
  }
}
