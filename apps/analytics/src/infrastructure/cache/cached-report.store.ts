import { createHash } from 'node:crypto';
import { TenantId } from '@libs/kernel';
import { Cache, StoreUnavailable } from '@libs/redis';
import { KeptReport, ReportStore } from '../../application/report-store';

/** More would push out many others. */
const MOST_CHARACTERS = 1024 * 1024;

/** On the shared cache; away, reports are computed each time. */
export class CachedReportStore extends ReportStore {
  constructor(
    private readonly cache: Cache,
    private readonly ttlSeconds: number,
  ) {
    super();
  }

  async read(tenantId: TenantId, key: string): Promise<KeptReport | undefined> {
    if (this.ttlSeconds === 0) return undefined;
    const found = await orAway(this.cache.read(scopeOf(tenantId), hashed(key)));
    return found && { body: found.value, ageSeconds: found.ageSeconds, ticket: found.version };
  }

  async keep(tenantId: TenantId, key: string, ticket: string, body: string): Promise<void> {
    if (body.length > MOST_CHARACTERS) return;
    await orAway(this.cache.fill(scopeOf(tenantId), hashed(key), ticket, body, this.ttlSeconds));
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
