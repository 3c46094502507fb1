import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_MS = 5_000;
/** Of the time since the last look; above it there are people waiting. */
const IDLE_UTILIZATION = 0.1;
/** Grown by so much since the last release, it is worth some ten milliseconds. */
const WORTH = 1.5;

/**
 * Gives back what starting, seeding or a burst left behind, as soon as this thread is idle. They grow the heap to twice what is
 * used afterwards, and V8 keeps it so until load makes it collect: nothing urges an idle process.
 */
export function releaseGarbageWhenIdle(): void {
  let kept = 0;
  let seen = performance.eventLoopUtilization();
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, seen);
    seen = now;
    if (utilization > IDLE_UTILIZATION || getHeapStatistics().total_physical_size < kept * WORTH) return;
    collect();
    kept = getHeapStatistics().total_physical_size;
  };
  setInterval(look, LOOK_MS).unref();
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}
