import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Running } from './processes';
import { Report } from './report';

/** V8 hands pages back some seconds after it has collected. */
const SETTLING_MS = 15_000;
const CLOCK_TICKS_PER_SECOND = 100;

/** What the whole process tree costs when nobody asks: proportional memory and CPU over ten seconds. Linux only. */
export async function measureIdle(report: Report, platform: Running): Promise<void> {
  if (!existsSync('/proc/self/smaps_rollup')) return;
  await sleep(SETTLING_MS);
  const seconds = 10;
  const before = cpuSeconds(tree(platform.pid));
  await sleep(seconds * 1_000);
  const pids = tree(platform.pid);
  const cpu = ((cpuSeconds(pids) - before) / seconds) * 100;
  const megabytes = pids.reduce((sum, pid) => sum + proportionalKilobytes(pid), 0) / 1024;
  report.add({
    what: 'idle: memory and CPU of the whole process tree',
    figure: `${megabytes.toFixed(0)} MB proportional, ${cpu.toFixed(1)} % of a core`,
    aim: '≤ 400 MB',
    met: megabytes <= 400,
  });
}

function tree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${entry}/stat`);
    if (stat) parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks / CLOCK_TICKS_PER_SECOND;
}

function proportionalKilobytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);
}

/** A process may end between being listed and being read. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
