import { randomUUID } from 'node:crypto';
import { Clock } from '@libs/kernel';
import { Cache, CacheRead } from '../cache';
import { BoundedMap } from './bounded-map';

interface Entry {
  readonly version: string;
  readonly value: string;
  readonly filledAt: number;
}

/** The cache of a single process. */
export class InProcessCache extends Cache {
  private readonly versions: BoundedMap<string>;
  private readonly entries: BoundedMap<Entry>;

  constructor(private readonly clock: Clock) {
    super();
    const now = (): number => clock.now().getTime();
    this.versions = new BoundedMap({ entries: 100_000 }, now);
    this.entries = new BoundedMap({ entries: 100_000, characters: 32 * 1024 * 1024 }, now);
  }

  async read(scope: string, key: string): Promise<CacheRead> {
    let version = this.versions.get(scope);
    if (version === undefined) this.versions.set(scope, (version = randomUUID()), Infinity);
    const entry = this.entries.get(entryKey(scope, key));
    if (entry?.version !== version) return { version };
    const age = this.clock.now().getTime() - entry.filledAt;
    return { version, value: entry.value, ageSeconds: Math.max(0, Math.floor(age / 1000)) };
  }

  async fill(
    scope: string,
    key: string,
    version: string,
    value: string,
    ttlSeconds: number,
  ): Promise<boolean> {
    if (this.versions.get(scope) !== version) return false;
    const filledAt = this.clock.now().getTime();
    const entry = { version, value, filledAt };
    this.entries.set(entryKey(scope, key), entry, filledAt + ttlSeconds * 1000, value.length);
    return true;
  }

  async renew(scopes: readonly string[]): Promise<void> {
    for (const scope of scopes) this.versions.set(scope, randomUUID(), Infinity);
  }
}

// The length in front makes ('a', 'b c') and ('a b', 'c') two keys.
function entryKey(scope: string, key: string): string {
  return `${scope.length} ${scope} ${key}`;
}
