import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWithRedis, testRedis } from '@libs/testing';

const ROOT = join(__dirname, '../../../..');
const PROCESSES = 4;

interface Hammered {
  asked: number;
  /** Asked at and answered at: Redis decided in between. */
  admitted: [number, number][];
}

describeWithRedis('four processes that hammer one limiter', () => {
  let server: Awaited<ReturnType<typeof testRedis>>;

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
    server = await testRedis();
  });
  afterAll(() => server.stop());

  const hammer = async (limit: number, windowSeconds: number, forMs: number): Promise<Hammered[]> => {
    const args = [server.url, `key-${windowSeconds}`, limit, windowSeconds, forMs].map(String);
    const program = join(ROOT, 'dist/libs/redis/test/hammer.js');
    const runs = Array.from({ length: PROCESSES }, () =>
      promisify(execFile)(process.execPath, [program, ...args], { maxBuffer: 1e8 }),
    );
    return (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout) as Hammered);
  };

  it('get 100 of 100 a minute between them, and not one more', async () => {
    const results = await hammer(100, 60, 2_000);
    expect(results.every(({ asked }) => asked > 100)).toBe(true);
    expect(results.reduce((sum, { admitted }) => sum + admitted.length, 0)).toBe(100);
  });

  it('never get more than the limit in any window that slides over several', async () => {
    const [limit, windowMs] = [100, 1_000];
    const admitted = (await hammer(limit, windowMs / 1000, 5_000)).flatMap((result) => result.admitted);
    expect(admitted.length).toBeGreaterThan(3 * limit);
    for (const [start] of admitted) {
      const surely = admitted.filter(([before, after]) => before >= start && after <= start + windowMs);
      expect(surely.length).toBeLessThanOrEqual(limit);
    }
  });
});
