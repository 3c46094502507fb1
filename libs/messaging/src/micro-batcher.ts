export interface MicroBatcherOptions<Item> {
  /** How many items one flush may carry. */
  maxItems: number;
  /** How heavy a flush may be; an item heavier than that travels alone. */
  maxWeight?: number;
  weightOf?: (item: Item) => number;
  /** How long the first item of a flush waits for company; a full flush leaves at once. */
  lingerMs: number;
  /** How many flushes may be under way at once. */
  concurrency: number;
  /** A flush that is not full leaves only while fewer than this are under way, and fills up meanwhile; no limit by default. */
  partlyFilled?: number;
  /** After a flush has landed the next leaves no sooner than this, unless it is full: what comes meanwhile shares it. */
  restMs?: number;
  /** More items waiting than this are refused by `refusal()`. */
  maxWaiting: number;
  /** So is what would make more than this weight wait or be under way; one item is always taken. No limit by default. */
  maxHeld?: number;
  refusal: () => Error;
}

interface Waiting<Item> {
  item: Item;
  weight: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Per item of a flush, in its order: undefined, or why this one failed though others went well. */
export type Failures = readonly (Error | undefined)[];

/** Groups what many callers hand over at about the same time into few flushes; each caller waits for its own. */
export class MicroBatcher<Item> {
  private waiting: Waiting<Item>[] = [];
  private waitingWeight = 0;
  private heldWeight = 0;
  private underWay = 0;
  private timer?: NodeJS.Timeout;
  private rest?: NodeJS.Timeout;
  private idle: (() => void)[] = [];

  constructor(
    private readonly flush: (items: Item[]) => Promise<Failures | void>,
    private readonly options: MicroBatcherOptions<Item>,
  ) {}

  /** Items not yet taken over by a successful or failed flush. */
  get size(): number {
    return this.waiting.length + this.underWay;
  }

  /** The weight of all that waits or is under way. */
  get held(): number {
    return this.heldWeight;
  }

  /** Resolves when the flush that carried the item succeeded. @throws what the flush threw, or `refusal()` */
  add(item: Item): Promise<void> {
    const weight = this.options.weightOf?.(item) ?? 1;
    return this.hasRoom(1, weight) ? this.hold(item, weight) : Promise.reject(this.options.refusal());
  }

  /** All of them, or none: where there is no room for the last, the first is not begun with. @throws as add() */
  async addAll(items: readonly Item[]): Promise<void> {
    const weights = items.map((item) => this.options.weightOf?.(item) ?? 1);
    const weight = weights.reduce((sum, own) => sum + own, 0);
    if (!this.hasRoom(items.length, weight)) throw this.options.refusal();
    await Promise.all(items.map((item, at) => this.hold(item, weights[at] ?? 1)));
  }

  /** Of any weight where nothing is held: it would never find more. */
  private hasRoom(items: number, weight: number): boolean {
    const { maxWaiting, maxHeld = Infinity } = this.options;
    if (this.heldWeight > 0 && this.heldWeight + weight > maxHeld) return false;
    return this.waiting.length === 0 ? maxWaiting > 0 : this.waiting.length + items <= maxWaiting;
  }

  private hold(item: Item, weight: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, weight, resolve, reject });
      this.waitingWeight += weight;
      this.heldWeight += weight;
      this.schedule();
    });
  }

  /** Sends what waits without lingering and resolves when nothing is under way. */
  async drain(): Promise<void> {
    this.endRest();
    this.leave();
    if (this.size === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private schedule(): void {
    if (this.waiting.length >= this.options.maxItems) this.leave();
    else this.timer ??= setTimeout(() => this.leave(), this.options.lingerMs);
  }

  private leave(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.rest && !this.full()) return;
    const { concurrency, partlyFilled = concurrency } = this.options;
    while (this.waiting.length > 0 && this.underWay < concurrency) {
      if (this.underWay >= partlyFilled && !this.full()) return;
      this.launch(this.take());
    }
  }

  private full(): boolean {
    const { maxItems, maxWeight = Infinity } = this.options;
    return this.waiting.length >= maxItems || this.waitingWeight >= maxWeight;
  }

  private take(): Waiting<Item>[] {
    const { maxItems, maxWeight = Infinity } = this.options;
    let weight = 0;
    let count = 0;
    for (const next of this.waiting) {
      if (count === maxItems || (count > 0 && weight + next.weight > maxWeight)) break;
      weight += next.weight;
      count += 1;
    }
    this.waitingWeight -= weight;
    return this.waiting.splice(0, count);
  }

  private launch(taken: Waiting<Item>[]): void {
    this.underWay += 1;
    // async: what throws at once fails its own items, not whoever handed over the last of them
    const flushed = (async () => this.flush(taken.map((waiting) => waiting.item)))();
    flushed
      .then(
        (failures) =>
          taken.forEach(({ resolve, reject }, index) => {
            const failure = failures?.[index];
            if (failure) reject(failure);
            else resolve();
          }),
        (error: unknown) => taken.forEach((waiting) => waiting.reject(error)),
      )
      .finally(() => this.landed(taken));
  }

  private landed(taken: readonly Waiting<Item>[]): void {
    this.underWay -= 1;
    for (const { weight } of taken) this.heldWeight -= weight;
    const { restMs = 0 } = this.options;
    if (restMs > 0 && this.idle.length === 0) this.takeRest(restMs);
    // What gathered while this flush was under way has lingered long enough.
    this.leave();
    if (this.size === 0) this.idle.splice(0).forEach((resolve) => resolve());
  }

  private takeRest(milliseconds: number): void {
    this.endRest();
    this.rest = setTimeout(() => {
      this.rest = undefined;
      this.leave();
    }, milliseconds);
  }

  private endRest(): void {
    clearTimeout(this.rest);
    this.rest = undefined;
  }
}
