const NONE = new Float64Array(0);
/** So many wait at least before they are sorted in. */
const WAITING = 128;

/** Different numbers in ascending order, for many that come one by one. */
export class HashSet {
  private waiting: number[] = [];

  private constructor(private sorted: Float64Array) {}

  static empty(): HashSet {
    return new HashSet(NONE);
  }

  /** @param sorted ascending, all different; not copied */
  static of(sorted: Float64Array): HashSet {
    return new HashSet(sorted);
  }

  /** Whether those that waited were sorted in, so that it is known how many there are. */
  add(hash: number): boolean {
    const { waiting } = this;
    // one visitor's events come one after the other
    if (waiting.length > 0 && waiting[waiting.length - 1] === hash) return false;
    waiting.push(hash);
    // the more there are, the more is moved by sorting in: so the less often
    if (waiting.length < WAITING + (this.sorted.length >> 2)) return false;
    this.settle();
    return true;
  }

  merge(other: HashSet): void {
    this.settle();
    this.sorted = union(this.sorted, other.values());
  }

  /** As many as there are at the most, without the work of looking for equal ones. */
  get atMost(): number {
    return this.sorted.length + this.waiting.length;
  }

  /** Ascending; not to be changed. */
  values(): Float64Array {
    this.settle();
    return this.sorted;
  }

  private settle(): void {
    if (this.waiting.length === 0) return;
    this.sorted = union(this.sorted, Float64Array.from(this.waiting).sort());
    this.waiting = [];
  }
}

/** Both ascending; `more` may repeat itself. */
function union(some: Float64Array, more: Float64Array): Float64Array {
  if (more.length === 0) return some;
  const all = new Float64Array(some.length + more.length);
  let [length, i, j, last] = [0, 0, 0, -1];
  while (i < some.length || j < more.length) {
    const next = j >= more.length || (i < some.length && some[i]! <= more[j]!) ? some[i++]! : more[j++]!;
    if (next !== last) all[length++] = last = next;
  }
  return all.subarray(0, length);
}
