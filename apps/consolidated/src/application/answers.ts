import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { Tenant } from '../domain/tenant';
import { TenantDirectory } from '../domain/tenant.directory';
import { AnswerCache, CachedSlot } from './answer.cache';

/** An answer as it goes out: JSON text, so that a hit is a read and a send. */
export interface Answer {
  body: string;
  cached: boolean;
  ageSeconds: number;
}

/** What to answer when nobody has it ready. `validSeconds` bounds how long it may be kept. */
export interface Computed {
  view: object;
  validSeconds?: number;
}
export type Compute = (tenant: Tenant, asOf: Date) => Promise<Computed>;

/**
 * Reads an answer through the cache. The version is read before the SQL and the fill compares it, so an answer that
 * a posting has overtaken is never kept.
 */
@Injectable()
export class Answers {
  private readonly computing = new Map<string, Promise<string>>();

  constructor(
    private readonly cache: AnswerCache,
    private readonly transaction: TenantTransaction,
    private readonly tenants: TenantDirectory,
    private readonly clock: Clock,
  ) {}

  /** @throws TenantSuspended */
  async get(tenantId: TenantId, key: string, compute: Compute): Promise<Answer> {
    const slot = await this.cache.read(tenantId, key);
    if (slot?.value !== undefined)
      return { body: slot.value, cached: true, ageSeconds: slot.ageSeconds ?? 0 };
    const body = slot
      ? await this.joined(tenantId, key, slot, compute)
      : (await this.compute(tenantId, compute)).body;
    return { body, cached: false, ageSeconds: 0 };
  }

  /** An answer from the database, whatever the cache holds; it takes the cached one's place. */
  async fresh(tenantId: TenantId, key: string, compute: Compute): Promise<Answer> {
    const slot = await this.cache.read(tenantId, key);
    const body = await this.computeAndFill(tenantId, key, slot, compute);
    return { body, cached: false, ageSeconds: 0 };
  }

  /** An answer that is nobody else's: not kept. */
  async uncached(tenantId: TenantId, compute: Compute): Promise<Answer> {
    return { body: (await this.compute(tenantId, compute)).body, cached: false, ageSeconds: 0 };
  }

  // Misses of one version share one computation. Whoever joins it read the same version, so it may be as old as a
  // hit of that version might.
  private joined(tenantId: TenantId, key: string, slot: CachedSlot, compute: Compute): Promise<string> {
    const name = `${tenantId} ${slot.version} ${key}`;
    let body = this.computing.get(name);
    if (!body) {
      body = this.computeAndFill(tenantId, key, slot, compute).finally(() => this.computing.delete(name));
      this.computing.set(name, body);
    }
    return body;
  }

  private async computeAndFill(
    tenantId: TenantId,
    key: string,
    slot: CachedSlot | undefined,
    compute: Compute,
  ): Promise<string> {
    const { body, validSeconds } = await this.compute(tenantId, compute);
    if (slot) await this.cache.fill(tenantId, key, slot.version, body, validSeconds);
    return body;
  }

  private compute(tenantId: TenantId, compute: Compute): Promise<{ body: string; validSeconds?: number }> {
    return this.transaction.run(async () => {
      const asOf = this.clock.now(); // before the snapshot: never later than what was read
      const tenant = (await this.tenants.get(tenantId)).mustBeActive();
      const { view, validSeconds } = await compute(tenant, asOf);
      return { body: JSON.stringify(view), validSeconds };
    });
  }
}
