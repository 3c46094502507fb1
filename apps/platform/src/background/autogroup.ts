import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The kernel takes one change in a tenth of a second from others than root, and refuses the rest. */
const BETWEEN_MS = 110;
const TRIES = 50;

/**
 * Where Linux shares the processor between sessions first (autogroups: what is started in a terminal), `nice` only counts within one
 * of them. Every backend of PostgreSQL is a session of its own, so alone it would get as much as this whole process, whatever its
 * priority. Lowers the session's; `isOurs` is asked right before, for an id may be another's by then. Where there are no such groups, or
 * none that may be changed, things stay as they are.
 */
export async function lowerAutogroup(pid: number, nice: number, isOurs: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < TRIES && isOurs(); attempt += 1) {
    if ((await write(pid, nice)) !== 'EAGAIN') return;
    await sleep(BETWEEN_MS, undefined, { ref: false });
  }
}

/** Why it could not. */
async function write(pid: number, nice: number): Promise<string | undefined> {
  try {
    await writeFile(`/proc/${pid}/autogroup`, String(nice));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
