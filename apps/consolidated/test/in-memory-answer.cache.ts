import { TenantId } from '@libs/kernel';
import { AnswerCache, CachedSlot } from '../src/application/answer.cache';
import { CacheAway } from './cache-away';

export class InMemoryAnswerCache extends AnswerCache {
  away = false;
  readonly renewed: TenantId[][] = [];
  readonly fills: { key: string; seconds?: number }[] = [];
  private version = 0;
  private readonly versions = new Map<TenantId, string>();
  private readonly values = new Map<string, string>();

  async read(tenantId: TenantId, key: string): Promise<CachedSlot | undefined> {
    if (this.away) return undefined;
    const version = this.versionOf(tenantId);
    const value = this.values.get(`${version} ${key}`);
    return value === undefined ? { version } : { version, value, ageSeconds: 7 };
  }

  async fill(
    tenantId: TenantId,
    key: string,
    version: string,
    value: string,
    seconds?: number,
  ): Promise<void> {
    if (version !== this.versionOf(tenantId)) return;
    this.fills.push({ key, seconds });
    this.values.set(`${version} ${key}`, value);
  }

  async renew(tenantIds: readonly TenantId[]): Promise<void> {
    if (this.away) throw new CacheAway();
    this.renewed.push([...tenantIds]);
    for (const tenantId of tenantIds) this.versions.set(tenantId, this.next());
  }

  private versionOf(tenantId: TenantId): string {
    const version = this.versions.get(tenantId) ?? this.next();
    this.versions.set(tenantId, version);
    return version;
  }

  private next(): string {
    return `v${++this.version}`;
  }
}
