import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, identityOf, isStillRunning } from './process-identity';

/** What postmaster.pid says of the server on a cluster. */
export interface Postmaster {
  pid: number;
  /** It accepts connections. */
  ready: boolean;
}

/** The living PostgreSQL on `cluster`, if there is one. */
export function livingPostmaster(cluster: string): Postmaster | undefined {
  const lines = pidFile(cluster);
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isInteger(pid) || pid <= 1) return undefined;
  // The number may have gone to another program since: it must be a postgres, on this very folder.
  const isPostgres = /postgres/.test(commandOf(pid) ?? '');
  if (!isPostgres || lines[1] !== cluster) return undefined;
  return { pid, ready: lines[7]?.trim() === 'ready' };
}

/**
 * Ends a server whose parent was killed: a fast shutdown by its process id, harder if that takes long.
 * @returns whether there was one
 */
export async function endOrphan(cluster: string): Promise<boolean> {
  const orphan = livingPostmaster(cluster);
  if (orphan) await shutDown(orphan.pid);
  else dropStalePidFile(cluster);
  return orphan !== undefined;
}

/** SIGINT (fast), after 6 s SIGQUIT (at once; recovery on the next start), after 2 more SIGKILL. */
export async function shutDown(pid: number): Promise<void> {
  // 0 is no server, and a signal to 0 would be one to our own group
  const identity = pid > 1 ? identityOf(pid) : undefined;
  if (!identity) return;
  for (const [signal, patienceMs] of [
    ['SIGINT', 6000],
    ['SIGQUIT', 2000],
    ['SIGKILL', 2000],
  ] as const) {
    if (!signalled(pid, signal)) return;
    const until = Date.now() + patienceMs;
    while (Date.now() < until) {
      if (!isStillRunning(identity)) return;
      await sleep(20);
    }
  }
}

/** @returns false where it is gone */
export function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** PostgreSQL refuses to start when the number in it belongs to any living process, or when it is empty. */
function dropStalePidFile(cluster: string): void {
  const lines = pidFile(cluster);
  if (!lines) return;
  const pid = Number(lines[0]);
  const somebodyElse = Number.isInteger(pid) && pid > 0 && commandOf(pid) !== undefined;
  if (somebodyElse || !lines[0]?.trim()) rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

function pidFile(cluster: string): string[] | undefined {
  const file = join(cluster, 'postmaster.pid');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : undefined;
}
