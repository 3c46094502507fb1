import { DomainError, isUuid, TenantId } from '@libs/kernel';

/** A service said something about the use of a key that cannot be. */
export class ImpossibleKeyUse extends DomainError {
  readonly code = 'impossible_key_use';
  readonly kind = 'invalid';
}

/** That a key was used so often since the last word about it. */
export interface ApiKeyUse {
  readonly keyId: string;
  readonly count: number;
  readonly lastUsedAt: Date;
}

/** One word of one service about the keys of one tenant; it may come more than once. */
export interface ApiKeyUseReport {
  readonly messageId: string;
  readonly tenantId: TenantId;
  readonly uses: readonly ApiKeyUse[];
}

/** @throws ImpossibleKeyUse */
export function apiKeyUse(claim: Record<keyof ApiKeyUse, unknown>, now: Date): ApiKeyUse {
  const { keyId, count, lastUsedAt } = claim;
  if (!isUuid(keyId)) throw new ImpossibleKeyUse('the id is not a UUID');
  if (!Number.isSafeInteger(count) || (count as number) < 1) throw new ImpossibleKeyUse('the count is none');
  const at = typeof lastUsedAt === 'string' ? Date.parse(lastUsedAt) : NaN;
  if (Number.isNaN(at)) throw new ImpossibleKeyUse('lastUsedAt is not a time');
  return {
    keyId,
    count: count as number,
    // A service whose clock is ahead must not make a key look used tomorrow.
    lastUsedAt: new Date(Math.min(at, now.getTime())),
  };
}
