/** Chance that repeats itself: the same seeds give the same draws on every machine (sfc32, of Chris Doty-Humphrey's PractRand). */
export class Chance {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(...seeds: readonly number[]) {
    [this.a, this.b, this.c] = [0x9e3779b9, 0x243f6a88, 0xb7e15162];
    for (const seed of seeds) {
      this.a = (this.a ^ Math.imul(seed + 1, 0x85ebca6b)) | 0;
      for (let mixed = 0; mixed < 4; mixed += 1) this.bits();
    }
    for (let mixed = 0; mixed < 8; mixed += 1) this.bits();
  }

  /** In [0, 1). */
  next(): number {
    return (this.bits() >>> 0) / 0x1_0000_0000;
  }

  /** A whole number below. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** True so often: 0 never, 1 always. */
  happens(share: number): boolean {
    return this.next() < share;
  }

  oneOf<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** The first ones often, the last ones seldom, as pages and words are. */
  favourite<T>(items: readonly T[]): T {
    return items[Math.floor(items.length * this.next() ** 3)] as T;
  }

  /** One of some that have weights. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T {
    const all = items.reduce((sum, [weight]) => sum + weight, 0);
    let at = this.next() * all;
    for (const [weight, item] of items) if ((at -= weight) < 0) return item;
    return (items.at(-1) as readonly [number, T])[1];
  }

  /** The time until what may come at any moment, on average after so long. */
  waiting(average: number): number {
    return -Math.log(1 - this.next()) * average;
  }

  /** A UUID of version 4. */
  uuid(): string {
    const words = [this.bits(), this.bits(), this.bits(), this.bits()];
    words[1] = ((words[1] as number) & 0xffff0fff) | 0x4000;
    words[2] = ((words[2] as number) & 0x3fffffff) | 0x80000000;
    const hex = words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  private bits(): number {
    const drawn = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + drawn;
    return drawn;
  }
}
