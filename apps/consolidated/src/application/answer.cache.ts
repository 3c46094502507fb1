import { TenantId } from '@libs/kernel';

/** What the cache holds under a key, and the version of the tenant's answers at that moment. */
export interface CachedSlot {
  version: string;
  value?: string;
  ageSeconds?: number;
}

/**
 * Ready answers, kept under a version per tenant: a backdated posting changes every later day, so the version is the
 * tenant's and not the day's.
 */
export abstract class AnswerCache {
  /** Undefined when the cache is away, or may still hold answers from before a posting that is already committed. */
  abstract read(tenantId: TenantId, key: string): Promise<CachedSlot | undefined>;

  /** Keeps `value` unless the version has moved since it was read; for at most `seconds`, if given. */
  abstract fill(
    tenantId: TenantId,
    key: string,
    version: string,
    value: string,
    seconds?: number,
  ): Promise<void>;

  /** Forgets every answer of these tenants. @throws DomainError (unavailable) when the cache is away */
  abstract renew(tenantIds: readonly TenantId[]): Promise<void>;
}
