import { Cache, StoreUnavailable } from '@libs/redis';
import { TenantId } from '@libs/kernel';
import { AnswerCache, CachedSlot } from '../../application/answer.cache';

/**
 * AnswerCache on the versioned Cache. While the cache is away reads miss and fills are dropped. A tenant whose renewal
 * is under way, or failed, is remembered: what the cache holds of it may be older than the database, and this process
 * reads none of it before a renewal has gone through, if need be one that the read itself asks for.
 */
export class VersionedAnswerCache extends AnswerCache {
  /** The latest renewal asked for, of each tenant that still waits for one. */
  private readonly awaited = new Map<TenantId, number>();
  private renewals = 0;

  constructor(
    private readonly cache: Cache,
    private readonly ttlSeconds: number,
  ) {
    super();
  }

  async read(tenantId: TenantId, key: string): Promise<CachedSlot | undefined> {
    try {
      if (this.awaited.size > 0 && this.awaited.has(tenantId)) await this.renew([tenantId]);
      return await this.cache.read(tenantId, key);
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      throw error;
    }
  }

  async fill(
    tenantId: TenantId,
    key: string,
    version: string,
    value: string,
    seconds = this.ttlSeconds,
  ): Promise<void> {
    const ttl = Math.min(seconds, this.ttlSeconds);
    if (ttl < 1) return;
    try {
      await this.cache.fill(tenantId, key, version, value, ttl);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error; // away: the next read computes again
    }
  }

  async renew(tenantIds: readonly TenantId[]): Promise<void> {
    if (tenantIds.length === 0) return;
    const renewal = ++this.renewals;
    for (const tenantId of tenantIds) this.awaited.set(tenantId, renewal);
    await this.cache.renew(tenantIds);
    // one that was asked for later may be about a later commit: only its own success settles it
    for (const tenantId of tenantIds)
      if (this.awaited.get(tenantId) === renewal) this.awaited.delete(tenantId);
  }
}
