const LEAST = 1_024;

/** Numbers the visitors that it is told of, from 0 on: a table of two flat arrays, as millions of objects would not do. */
export class VisitorSlots {
  private visitors = new Float64Array(LEAST);
  /** One more than the slot; 0 where nobody is. */
  private slots = new Int32Array(LEAST);
  private known = 0;

  get size(): number {
    return this.known;
  }

  /** -1 of one it was never told of. */
  of(visitor: number): number {
    return this.slots[this.placeOf(visitor)]! - 1;
  }

  add(visitor: number): number {
    const place = this.placeOf(visitor);
    if (this.slots[place] !== 0) return this.slots[place]! - 1;
    this.visitors[place] = visitor;
    this.slots[place] = ++this.known;
    if (this.known * 2 > this.slots.length) this.grow();
    return this.known - 1;
  }

  /** Its own place, or the free one where it would come. Visitors are hashes: their low bits, which `&` takes, are spread already. */
  private placeOf(visitor: number): number {
    const mask = this.slots.length - 1;
    let place = visitor & mask;
    while (this.slots[place] !== 0 && this.visitors[place] !== visitor) place = (place + 1) & mask;
    return place;
  }

  private grow(): void {
    const [visitors, slots] = [this.visitors, this.slots];
    this.visitors = new Float64Array(visitors.length * 2);
    this.slots = new Int32Array(slots.length * 2);
    for (let i = 0; i < slots.length; i++) {
      if (slots[i] === 0) continue;
      const place = this.placeOf(visitors[i]!);
      this.visitors[place] = visitors[i]!;
      this.slots[place] = slots[i]!;
    }
  }
}
