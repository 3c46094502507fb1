import { LocalRedis, redisMissing, startRedis } from '@libs/embedded';
import { describeNeeding } from './needed-service';

/** A suite on a real redis-server of its own; see describeNeeding. */
export function describeWithRedis(name: string, suite: () => void): void {
  describeNeeding(redisMissing(), name, suite);
}

/** A redis-server with nothing in it, in memory only. */
export function testRedis(): Promise<LocalRedis> {
  return startRedis();
}
