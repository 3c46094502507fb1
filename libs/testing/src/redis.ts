import { LocalRedis, redisMissing, startRedis } from '@libs/embedded';
import { describeNeeding } from './needed-service';

/** A suite on a real redis-server of its own; see describeNeeding. */
export function describeWithRedis(name: string, suite: () => void): void {
  describeNeeding(redisMissing(), name, suite);
}

export interface TestRedis extends LocalRedis {
  /** Takes it away; its port stays, its memory does not. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** A redis-server with nothing in it, in memory only. */
export async function testRedis(): Promise<TestRedis> {
  let redis = await startRedis();
  const { port, url } = redis;
  return {
    url,
    port,
    get pid() {
      return redis.pid;
    },
    pause: () => redis.stop(),
    resume: async () => {
      redis = await startRedis({ port });
    },
    stop: () => redis.stop(),
  };
}
