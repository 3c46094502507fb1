import { createHash } from 'node:crypto';
import { Clock, TenantId } from '@libs/kernel';
import { Cache, StoreUnavailable } from '@libs/redis';
import { KeptReport, ReportStore, ReportsOf } from '../../application/report-store';
import { CacheAllowance } from './cache-allowance';

/** More would push out many others: a timeline of 92 days by hour has so many. */
const MOST_CHARACTERS = 256 * 1024;
/** By this process, within the life of one answer. */
export const MOST_OF_ONE_APP = { entries: 5_000, characters: 16 * 1024 * 1024 };
const MOST_OF_ONE_TENANT = { entries: 20_000, characters: 64 * 1024 * 1024 };

/** On the shared cache; away, reports are computed each time. */
export class CachedReportStore extends ReportStore {
  private readonly ofApps: CacheAllowance;
  private readonly ofTenants: CacheAllowance;

  constructor(
    private readonly cache: Cache,
    private readonly ttlSeconds: number,
    clock: Clock,
  ) {
    super();
    this.ofApps = new CacheAllowance(MOST_OF_ONE_APP, ttlSeconds * 1_000, clock);
    this.ofTenants = new CacheAllowance(MOST_OF_ONE_TENANT, ttlSeconds * 1_000, clock);
  }

  async read(tenantId: TenantId, key: string): Promise<KeptReport | undefined> {
    if (this.ttlSeconds === 0) return undefined;
    const found = await orAway(this.cache.read(scopeOf(tenantId), hashed(key)));
    return found && { body: found.value, ageSeconds: found.ageSeconds, ticket: found.version };
  }

  async keep({ tenantId, appId }: ReportsOf, key: string, ticket: string, body: string): Promise<void> {
    if (body.length > MOST_CHARACTERS || !this.hasRoom(tenantId, appId, body.length)) return;
    await orAway(this.cache.fill(scopeOf(tenantId), hashed(key), ticket, body, this.ttlSeconds));
  }

  // who asks for ever new questions computes them each time, and pushes out nobody's answers
  private hasRoom(tenantId: TenantId, appId: string, characters: number): boolean {
    return this.ofApps.take(`${tenantId} ${appId}`, characters) && this.ofTenants.take(tenantId, characters);
  }
}

async function orAway<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}

function scopeOf(tenantId: TenantId): string {
  return `analytics:${tenantId}`;
}

function hashed(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
