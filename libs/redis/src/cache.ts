/** What a read found. `version` is to be handed to `fill`, whether there was a value or not. */
export interface CacheRead {
  readonly version: string;
  readonly value?: string;
  /** How long ago the value was filled in; present where `value` is. */
  readonly ageSeconds?: number;
}

/**
 * A cache whose entries belong to a scope (a tenant) and die together when the scope is renewed. The version is a
 * random token and no counter: a counter could come back to an old value after the store lost its memory. Read the
 * version BEFORE the database, fill with it after: a fill of what was read before a renewal is refused.
 * Every method throws StoreUnavailable.
 */
export abstract class Cache {
  /** One round trip; the first read of a scope makes its version. */
  abstract read(scope: string, key: string): Promise<CacheRead>;

  /** False, and nothing kept, when the scope was renewed since `version` was read. */
  abstract fill(
    scope: string,
    key: string,
    version: string,
    value: string,
    ttlSeconds: number,
  ): Promise<boolean>;

  /** Gives each scope a new version, in one round trip: nothing filled or being filled before is seen again. */
  abstract renew(scopes: readonly string[]): Promise<void>;
}
