import { StepReached } from './funnel';
import { VisitorSlots } from './visitor-slots';

/** Events of one step, in the order of their times; times in whole microseconds, of any beginning. */
export interface StepEvents {
  readonly visitors: Float64Array;
  readonly times: Float64Array;
}

const NEVER = -Infinity;

/**
 * Walks through the events of all steps once, in the order of time, and keeps of each visitor and step the latest start that led
 * there: of all starts it leaves later steps the most time. What is kept grows with the visitors, not with their events.
 */
export class FunnelWalk {
  private readonly slots = new VisitorSlots();
  /** Of each slot one after the other, by step but the last one. */
  private starts = new Float64Array(0);
  private reached = new Uint8Array(0);
  private readonly took: number[][];
  private streams: readonly StepEvents[] = [];
  private readonly places: Uint32Array;
  /** When the next event of each step happened. */
  private readonly heads: Float64Array;

  /** @param steps how many */
  constructor(
    private readonly steps: number,
    private readonly window: number,
  ) {
    this.took = Array.from({ length: steps }, () => []);
    this.places = new Uint32Array(steps);
    this.heads = new Float64Array(steps).fill(Infinity);
  }

  /** Of those who took the first step. */
  get visitors(): number {
    return this.slots.size;
  }

  /** The events of the next stretch of time, by step; nothing before it may come afterwards. */
  begin(streams: readonly StepEvents[]): void {
    this.streams = streams.map(inOrder);
    this.places.fill(0);
    for (const [step, { times }] of this.streams.entries()) this.heads[step] = times[0] ?? Infinity;
  }

  /** Takes so many events of the stretch at the most. @returns whether there are more */
  advance(most: number): boolean {
    const { heads, places, streams, steps } = this;
    for (let left = most; left > 0; left--) {
      // Of one instant the later step goes first, and so does not see the earlier one: times strictly rise.
      let next = steps - 1;
      for (let step = next - 1; step >= 0; step--) if (heads[step]! < heads[next]!) next = step;
      const at = heads[next]!;
      if (at === Infinity) return false;
      const { times, visitors } = streams[next]!;
      const place = places[next]!++;
      heads[next] = place + 1 < times.length ? times[place + 1]! : Infinity;
      if (next === 0) this.start(visitors[place]!, at);
      else this.step(next, visitors[place]!, at);
    }
    return true;
  }

  /** @returns by step, in milliseconds */
  result(): StepReached[] {
    return this.took.map((times, step) =>
      step === 0
        ? { visitors: this.slots.size, medianMs: this.slots.size > 0 ? 0 : null }
        : { visitors: times.length, medianMs: medianMs(times) },
    );
  }

  private start(visitor: number, at: number): void {
    const first = this.slots.add(visitor) * (this.steps - 1);
    if (first >= this.starts.length) this.makeRoom();
    this.starts[first] = at;
  }

  private step(step: number, visitor: number, at: number): void {
    const slot = this.slots.of(visitor);
    if (slot < 0) return;
    const before = slot * (this.steps - 1) + step - 1;
    const start = this.starts[before]!;
    if (at - start > this.window) return;
    if (this.reached[before] === 0) {
      this.reached[before] = 1;
      this.took[step]!.push(at - start);
    }
    if (step < this.steps - 1 && start > this.starts[before + 1]!) this.starts[before + 1] = start;
  }

  private makeRoom(): void {
    const room = Math.max(1_024, this.slots.size * 2) * (this.steps - 1);
    const [starts, reached] = [new Float64Array(room).fill(NEVER), new Uint8Array(room)];
    starts.set(this.starts);
    reached.set(this.reached);
    [this.starts, this.reached] = [starts, reached];
  }
}

/** They mostly are: months follow one another, but where one ends some of the next may come first. */
function inOrder(events: StepEvents): StepEvents {
  let [ordered, bounds] = [events, boundsOfRuns(events.times)];
  while (bounds.length > 2) {
    ordered = merged(ordered, bounds);
    bounds = [...bounds.slice(0, -1).filter((_, run) => run % 2 === 0), events.times.length];
  }
  return ordered;
}

/** Where the stretches that ascend begin, and where the last one ends. */
function boundsOfRuns(times: Float64Array): number[] {
  const bounds = [0];
  for (let i = 1; i < times.length; i++) if (times[i - 1]! > times[i]!) bounds.push(i);
  bounds.push(times.length);
  return bounds;
}

/** Each two runs as one. */
function merged({ times, visitors }: StepEvents, bounds: readonly number[]): StepEvents {
  const [atTimes, ofVisitors] = [new Float64Array(times.length), new Float64Array(times.length)];
  for (let run = 0, place = 0; run + 1 < bounds.length; run += 2) {
    let [one, other] = [bounds[run]!, bounds[run + 1]!];
    const [middle, end] = [other, bounds[run + 2] ?? other];
    for (; place < end; place++) {
      const from = other >= end || (one < middle && times[one]! <= times[other]!) ? one++ : other++;
      atTimes[place] = times[from]!;
      ofVisitors[place] = visitors[from]!;
    }
  }
  return { times: atTimes, visitors: ofVisitors };
}

function medianMs(times: readonly number[]): number | null {
  if (times.length === 0) return null;
  const sorted = Float64Array.from(times).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return Math.round((low + high) / 2_000);
}
