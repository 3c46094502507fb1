import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back what starting left behind. Compiling and seeding grow the heap to twice what is used afterwards, and V8
 * would keep it so until load made it collect: nothing urges an idle process.
 */
export function releaseGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}
