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
  /** By step but the last one, by slot. */
  private readonly starts: Float64Array[];
  private readonly took: number[][];
  private readonly reached: Uint8Array[];
  private streams: readonly StepEvents[] = [];
  private places: number[] = [];

  /** @param steps how many */
  constructor(
    private readonly steps: number,
    private readonly window: number,
  ) {
    this.starts = Array.from({ length: steps - 1 }, () => new Float64Array(0));
    this.reached = Array.from({ length: steps }, () => new Uint8Array(0));
    this.took = Array.from({ length: steps }, () => []);
  }

  /** Of those who took the first step. */
  get visitors(): number {
    return this.slots.size;
  }

  /** The events of the next stretch of time, by step; nothing before it may come afterwards. */
  begin(streams: readonly StepEvents[]): void {
    this.streams = streams.map(inOrder);
    this.places = streams.map(() => 0);
  }

  /** Takes so many events of the stretch at the most. @returns whether there are more */
  advance(most: number): boolean {
    const { streams, places } = this;
    for (let left = most; left > 0; left--) {
      // Of one instant the later step goes first, and so does not see the earlier one: times strictly rise.
      let next = -1;
      let at = Infinity;
      for (let step = this.steps - 1; step >= 0; step--) {
        const time = streams[step]!.times[places[step]!]!;
        if (time < at) [next, at] = [step, time];
      }
      if (next < 0) return false;
      const visitor = streams[next]!.visitors[places[next]!++]!;
      if (next === 0) this.start(visitor, at);
      else this.step(next, visitor, at);
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
    const slot = this.slots.add(visitor);
    if (slot >= this.starts[0]!.length) this.makeRoom();
    this.starts[0]![slot] = at;
  }

  private step(step: number, visitor: number, at: number): void {
    const slot = this.slots.of(visitor);
    if (slot < 0) return;
    const start = this.starts[step - 1]![slot]!;
    if (at - start > this.window) return;
    if (this.reached[step]![slot] === 0) {
      this.reached[step]![slot] = 1;
      this.took[step]!.push(at - start);
    }
    const starts = this.starts[step];
    if (starts && start > starts[slot]!) starts[slot] = start;
  }

  private makeRoom(): void {
    const room = Math.max(1_024, this.slots.size * 2);
    for (const [step, starts] of this.starts.entries()) {
      const more = new Float64Array(room).fill(NEVER);
      more.set(starts);
      this.starts[step] = more;
    }
    for (const [step, reached] of this.reached.entries()) {
      const more = new Uint8Array(room);
      more.set(reached);
      this.reached[step] = more;
    }
  }
}

/** They mostly are: months follow one another, but where one ends some of the next may come first. */
function inOrder(events: StepEvents): StepEvents {
  const { times, visitors } = events;
  let sorted = true;
  for (let i = 1; i < times.length && sorted; i++) sorted = times[i - 1]! <= times[i]!;
  if (sorted) return events;
  const order = Uint32Array.from(times, (_, place) => place).sort((a, b) => times[a]! - times[b]!);
  return {
    times: Float64Array.from(order, (place) => times[place]!),
    visitors: Float64Array.from(order, (place) => visitors[place]!),
  };
}

function medianMs(times: readonly number[]): number | null {
  if (times.length === 0) return null;
  const sorted = Float64Array.from(times).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return Math.round((low + high) / 2_000);
}
