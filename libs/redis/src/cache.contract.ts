import fc from 'fast-check';
import { Cache } from './cache';

/** What every Cache promises. */
export function cacheContract(make: () => Cache): void {
  let cache: Cache;
  let scope = '';
  let made = 0;

  beforeEach(() => {
    cache = make();
    scope = `tenant-${process.pid}-${made++}`;
  });

  it('gives a version where nothing was kept, and the same one again', async () => {
    const first = await cache.read(scope, 'day');
    expect(first.version).not.toBe('');
    expect(first.value).toBeUndefined();
    expect(await cache.read(scope, 'another')).toEqual(first);
  });

  it('gives readers that come together one version', async () => {
    const reads = await Promise.all(Array.from({ length: 20 }, () => cache.read(scope, 'day')));
    expect(new Set(reads.map(({ version }) => version)).size).toBe(1);
  });

  it('answers what was filled in, whatever is in it, with its age', async () => {
    const value = '{"balance":"10.00 é 日 \\n 1 2"}';
    const { version } = await cache.read(scope, 'day');
    expect(await cache.fill(scope, 'day', version, value, 60)).toBe(true);
    expect(await cache.read(scope, 'day')).toEqual({ version, value, ageSeconds: 0 });
    expect((await cache.read(scope, 'other day')).value).toBeUndefined();
    expect(await cache.fill(scope, 'empty', version, '', 60)).toBe(true);
    expect((await cache.read(scope, 'empty')).value).toBe('');
  });

  it('forgets a value after its time', async () => {
    const { version } = await cache.read(scope, 'day');
    await cache.fill(scope, 'day', version, 'x', 0.05);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await cache.read(scope, 'day')).toEqual({ version });
  });

  it('forgets a whole scope on renewal, and no other', async () => {
    const other = `${scope}-other`;
    for (const each of [scope, other]) {
      const { version } = await cache.read(each, 'day');
      await cache.fill(each, 'day', version, 'old', 60);
    }
    const before = await cache.read(scope, 'day');
    await cache.renew([scope]);
    const after = await cache.read(scope, 'day');
    expect(after.value).toBeUndefined();
    expect(after.version).not.toBe(before.version);
    expect((await cache.read(other, 'day')).value).toBe('old');
  });

  it('renews many scopes at once, also those never read', async () => {
    const scopes = Array.from({ length: 500 }, (_, i) => `${scope}-${i}`);
    const before = await Promise.all(scopes.map((each) => cache.read(each, 'x')));
    await cache.renew([...scopes, `${scope}-new`]);
    const after = await Promise.all(scopes.map((each) => cache.read(each, 'x')));
    expect(after.filter(({ version }, i) => version === before[i]?.version)).toEqual([]);
    await cache.renew([]);
  });

  it('refuses a fill of what was read before a renewal', async () => {
    const { version } = await cache.read(scope, 'day');
    await cache.renew([scope]);
    expect(await cache.fill(scope, 'day', version, 'stale', 60)).toBe(false);
    expect((await cache.read(scope, 'day')).value).toBeUndefined();
  });

  it('keeps scopes and keys apart, whatever characters they have', async () => {
    const names = ['a', 'a:b', 'a}b', '{a}', 'a b', '}', 'é', 'a%7D'];
    const places = names.flatMap((left) => names.map((right) => [`${scope}${left}`, right] as const));
    for (const [left, right] of places) {
      const { version } = await cache.read(left, right);
      await cache.fill(left, right, version, `${left} / ${right}`, 60);
    }
    for (const [left, right] of places)
      expect((await cache.read(left, right)).value).toBe(`${left} / ${right}`);
  });

  it('never shows an old value after a renewal, under any interleaving of readers and writers', async () => {
    // A reader: version, then database, then fill. A writer: database, then renewal. Any order of all their steps.
    const plan = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
      .chain(([readers, writers]) => {
        const steps = [
          ...Array.from({ length: readers }, (_, i) => [`r${i}`, `r${i}`, `r${i}`]),
          ...Array.from({ length: writers }, (_, i) => [`w${i}`, `w${i}`]),
        ].flat();
        return fc.shuffledSubarray(steps, { minLength: steps.length });
      });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const tenant = `${scope}-run-${run++}`;
        let database = 0;
        let renewed = 0;
        const seen = new Map<string, { version: string; value?: number }>();
        const wrote = new Map<string, number>();
        const look = async () => {
          const read = await cache.read(tenant, 'day');
          if (read.value !== undefined) expect(Number(read.value)).toBeGreaterThanOrEqual(renewed);
          return read;
        };
        for (const step of steps) {
          const reader = seen.get(step);
          if (step.startsWith('w')) {
            const value = wrote.get(step);
            if (value === undefined) wrote.set(step, ++database);
            else {
              await cache.renew([tenant]);
              renewed = Math.max(renewed, value);
            }
          } else if (!reader) seen.set(step, { version: (await look()).version });
          else if (reader.value === undefined) reader.value = database;
          else await cache.fill(tenant, 'day', reader.version, String(reader.value), 60);
          await look();
        }
      }),
      { numRuns: 300 },
    );
  });
}
