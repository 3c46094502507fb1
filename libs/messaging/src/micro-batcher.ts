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
    const { maxWaiting, maxHeld = Infinity, weightOf, refusal } = this.options;
    const weight = weightOf?.(item) ?? 1;
    const tooHeavy = this.heldWeight > 0 && this.heldWeight + weight > maxHeld;
    if (tooHeavy || this.waiting.length >= maxWaiting) return Promise.reject(refusal());
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, weight, resolve, reject });
      this.waitingWeight += weight;
      this.heldWeight += weight;
      this.schedule();
    });
  }

  /** Sends what waits without lingering and resolves when nothing is under way. */
  async drain(): Promise<void> {
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
    this.flush(taken.map((waiting) => waiting.item))
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
    // What gathered while this flush was under way has lingered long enough.
    this.leave();
    if (this.size === 0) this.idle.splice(0).forEach((resolve) => resolve());
  }
}
