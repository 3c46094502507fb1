import { DIMENSIONS, DimensionValues } from './dimensions';

/** Of so many events a quarter keeps what they say itself; of more, how often each value was said. */
export const FEW = 8;

/** What events say of each dimension, in the order of DIMENSIONS; '' where one says nothing. As many of each as there are events. */
export type Said = readonly (readonly string[])[];

/** How often each value is said, in the order of DIMENSIONS. */
export type Counts = readonly ReadonlyMap<string, number>[];

/** What the events of a quarter of an hour say of themselves: the same for the same events, in whatever order they come. */
export class QuarterValues {
  private said = DIMENSIONS.map((): string[] => []);
  private counted?: Map<string, number>[];

  add(event: DimensionValues): void {
    if (!this.counted && this.said[0]!.length === FEW) this.spread();
    for (const [place, dimension] of DIMENSIONS.entries()) {
      const value = event[dimension] ?? '';
      if (this.counted) count(this.counted[place]!, value);
      else this.said[place]!.push(value);
    }
  }

  /** Takes in what other events say. */
  takeIn(others: Said): void {
    if (!this.counted && this.said[0]!.length + (others[0]?.length ?? 0) > FEW) this.spread();
    for (const [place, values] of others.entries())
      if (!this.counted) this.said[place]!.push(...values);
      else for (const value of values) count(this.counted[place]!, value);
  }

  /** They are no longer kept one by one, however few they are. */
  spread(): void {
    this.counted ??= this.said.map(countsOf);
  }

  /** One by one, as long as the events are few and were not spread. */
  get few(): Said | undefined {
    return this.counted ? undefined : this.said.map((values) => values.toSorted());
  }

  counts(): Counts {
    return this.counted ?? this.said.map(countsOf);
  }
}

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) count(counts, value);
  return counts;
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}
