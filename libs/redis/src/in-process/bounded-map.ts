interface Kept<V> {
  readonly value: V;
  readonly expiresAt: number;
  readonly weight: number;
}

/**
 * A map with expiry whose memory is bounded: each write looks at two entries further on and drops what expired, and
 * what was written longest ago makes room. No timers.
 */
export class BoundedMap<V> {
  private readonly entries = new Map<string, Kept<V>>();
  private cursor = this.entries.entries();
  private weight = 0;

  constructor(
    private readonly most: { readonly entries: number; readonly characters?: number },
    private readonly now: () => number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): V | undefined {
    const kept = this.entries.get(key);
    if (!kept) return undefined;
    if (kept.expiresAt > this.now()) return kept.value;
    this.delete(key);
    return undefined;
  }

  /** @param weight what the value holds beside its key, in characters */
  set(key: string, value: V, expiresAt: number, weight = 0): void {
    this.delete(key);
    const kept = { value, expiresAt, weight: weight + key.length };
    this.entries.set(key, kept);
    this.weight += kept.weight;
    this.sweep();
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.most.entries && this.weight <= (this.most.characters ?? Infinity)) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const kept = this.entries.get(key);
    if (!kept) return;
    this.entries.delete(key);
    this.weight -= kept.weight;
  }

  private sweep(): void {
    for (let i = 0; i < 2; i++) {
      const next = this.cursor.next();
      if (next.done) this.cursor = this.entries.entries();
      else if (next.value[1].expiresAt <= this.now()) this.delete(next.value[0]);
    }
  }
}
