import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SEEDED = 'demo-seeded';

/**
 * Whether the demo company is in the data folder: `withheld` where it would be and others could come, `exposed` where
 * others can come to one that a former start made.
 */
export type Demo = 'there' | 'withheld' | 'exposed' | 'none';

/**
 * The first start on a data folder makes the demo company; one that was interrupted is taken up again. Everybody knows
 * its password: it is made only where nobody but this machine can come.
 */
export async function demoOnce(start: {
  folder: string;
  /** The address that is listened on. */
  host: string;
  wanted: boolean;
  seed: () => Promise<unknown>;
}): Promise<Demo> {
  const mark = join(start.folder, SEEDED);
  const made = existsSync(mark);
  if (!isLoopback(start.host)) return made ? 'exposed' : start.wanted ? 'withheld' : 'none';
  if (!start.wanted) return 'none';
  if (!made) {
    await start.seed();
    writeFileSync(mark, '');
  }
  return 'there';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
