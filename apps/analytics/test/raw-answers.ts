import { RolledEvent } from '../src/domain/rolled-event';

interface Step {
  visitors: number;
  medianMs: number | null;
}

/** Every chain of every visitor, one by one: what a funnel means. */
export function funnelOf(
  events: readonly RolledEvent[],
  steps: readonly string[],
  windowMs: number,
  period: { from: Date; to: Date },
): Step[] {
  const firstTimes = steps.map(() => [] as number[]);
  for (const own of byVisitor(events).values()) {
    let chains = timesOf(own, steps[0])
      .filter((at) => at >= period.from.getTime() && at < period.to.getTime())
      .map((at) => ({ at, start: at }));
    for (const [step, type] of steps.entries()) {
      if (step > 0)
        chains = timesOf(own, type).flatMap((at) =>
          chains
            .filter((chain) => chain.at < at && at <= chain.start + windowMs)
            .map(({ start }) => ({ at, start })),
        );
      const first = Math.min(...chains.map(({ at }) => at));
      const starts = chains.filter(({ at }) => at === first).map(({ start }) => start);
      if (chains.length > 0) firstTimes[step]?.push(first - Math.max(...starts));
    }
  }
  return firstTimes.map((times) => ({ visitors: times.length, medianMs: medianOf(times) }));
}

/** By cohort and period, `0` being its size. */
export function retentionOf(
  events: readonly RolledEvent[],
  bounds: readonly Date[],
  count: number,
  types: { startEvent?: string; returnEvent?: string },
): Map<string, number> {
  const bucketOf = (at: number) => bounds.findLastIndex((bound) => bound.getTime() <= at);
  const cells = new Map<string, number>();
  const add = (cohort: number, period: number) =>
    cells.set(`${cohort}+${period}`, (cells.get(`${cohort}+${period}`) ?? 0) + 1);
  for (const own of byVisitor(events).values()) {
    const starts = timesOf(own, types.startEvent)
      .map(bucketOf)
      .filter((bucket) => bucket >= 0 && bucket < count);
    if (starts.length === 0) continue;
    const cohort = Math.min(...starts);
    add(cohort, 0);
    const returns = new Set(timesOf(own, types.returnEvent).map(bucketOf));
    for (const bucket of returns) if (bucket > cohort) add(cohort, bucket - cohort);
  }
  return cells;
}

function byVisitor(events: readonly RolledEvent[]): Map<number, RolledEvent[]> {
  const known = events.filter((event) => event.visitor !== undefined);
  return Map.groupBy(known, (event) => event.visitor ?? 0);
}

function timesOf(events: readonly RolledEvent[], type: string | undefined): number[] {
  return events
    .filter(({ eventType }) => type === undefined || eventType === type)
    .map(({ occurredAt }) => Date.parse(occurredAt));
}

export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return Math.round((low + high) / 2);
}
