import { Fact, newId, TenantId, UserId } from '@libs/kernel';
import { ApiKeyNotLive, ExpiryNotAhead } from './api-key.errors';
import { Denial } from './denial.repository';
import { displayName } from './display-name';
import { grantScopes, KeyScope } from './key-scopes';

/** More living ones are no integration but an attempt to fill every service's copy. */
export const MOST_LIVING_KEYS = 200;
/** Of those revoked so lately that they are on the deny list: every process of every service copies it. */
export const MOST_DENIED_KEYS = 1_000;
/** The longest time that a regenerated key and its successor may both be good. */
export const MOST_OVERLAP_SECONDS = 7 * 86_400;
/** Nobody grants themselves more than the plan of everybody. */
export const MOST_REQUESTS_PER_MINUTE = 6_000;
// The deny list bridges the time until every service has the fact in its own copy, a long outage included.
export const KEY_DENIAL_MS = 7 * 86_400_000;

/** What there is of a key's text once it was shown. */
export interface KeyMaterial {
  /** Its first characters, to recognise it by. */
  prefix: string;
  /** HMAC-SHA-256 of the text, lower-case hex. */
  hmac: string;
  /** Which secret of API_KEY_SECRET made it. */
  pepperVersion: number;
}

export interface ApiKeyState extends KeyMaterial {
  id: string;
  tenantId: TenantId;
  appId: string;
  name: string;
  scopes: readonly KeyScope[];
  requestsPerMinute?: number;
  createdAt: Date;
  createdBy: UserId;
  expiresAt?: Date;
  revokedAt?: Date;
  /** The key that this one was made in place of, and the other way round. */
  replaces?: string;
  replacedBy?: string;
  revision: number;
}

export type ApiKeyStatus = 'active' | 'expired' | 'revoked';

/** Who acts, and what they may do themselves. */
export interface Granter {
  userId: UserId;
  scopes: readonly string[];
}

/**
 * A key that lets a program act for a tenant. One id is one text, for ever: regenerating makes another key, so that the
 * deny list can refuse the old text alone and the uses of the two are told apart.
 */
export class ApiKey {
  private constructor(private readonly state: Readonly<ApiKeyState>) {}

  /** @throws BlankName, UnknownScope, ScopeNotYours, ExpiryNotAhead */
  static create(input: {
    tenantId: TenantId;
    appId: string;
    name: string;
    scopes: readonly string[];
    requestsPerMinute?: number;
    expiresAt?: Date;
    material: KeyMaterial;
    by: Granter;
    now: Date;
  }): ApiKey {
    const { tenantId, appId, requestsPerMinute, expiresAt, material, by, now } = input;
    return new ApiKey({
      ...material,
      id: newId(),
      tenantId,
      appId,
      name: displayName(input.name, 'name'),
      scopes: grantScopes(input.scopes, by.scopes),
      requestsPerMinute,
      createdAt: now,
      createdBy: by.userId,
      expiresAt: ahead(expiresAt, now),
      revision: 1,
    });
  }

  static restore(state: ApiKeyState): ApiKey {
    return new ApiKey(state);
  }

  get id(): string {
    return this.state.id;
  }

  snapshot(): Readonly<ApiKeyState> {
    return this.state;
  }

  status(now: Date): ApiKeyStatus {
    const { revokedAt, expiresAt } = this.state;
    if (revokedAt) return 'revoked';
    return expiresAt && expiresAt <= now ? 'expired' : 'active';
  }

  /** The key as it is from now on; the very same one when it was revoked before. */
  revoked(now: Date): ApiKey {
    return this.state.revokedAt ? this : this.with({ revokedAt: now });
  }

  /**
   * Another key with the same rights, and what becomes of this one: it ends with the overlap, at once where there is none.
   * @param input.expiresAt of the successor; by default this key's own end
   * @throws ApiKeyNotLive, ScopeNotYours, ExpiryNotAhead
   */
  regenerated(input: {
    material: KeyMaterial;
    overlapSeconds: number;
    expiresAt?: Date;
    by: Granter;
    now: Date;
  }): { predecessor: ApiKey; successor: ApiKey } {
    const { material, overlapSeconds, by, now } = input;
    if (this.state.replacedBy) throw new ApiKeyNotLive('regenerated');
    const status = this.status(now);
    if (status !== 'active') throw new ApiKeyNotLive(status);
    const successor = new ApiKey({
      ...this.state,
      ...material,
      id: newId(),
      // Whoever gets the new text could do all that it allows.
      scopes: grantScopes(this.state.scopes, by.scopes),
      createdAt: now,
      createdBy: by.userId,
      expiresAt: input.expiresAt ? ahead(input.expiresAt, now) : this.state.expiresAt,
      replaces: this.id,
      revision: 1,
    });
    const replaced = { replacedBy: successor.id };
    const predecessor =
      overlapSeconds === 0
        ? this.with({ ...replaced, revokedAt: now })
        : this.with({ ...replaced, expiresAt: this.endOfOverlap(overlapSeconds, now) });
    return { predecessor, successor };
  }

  /** Refuses it everywhere at once, whatever the copies of the services still say. */
  denial(now: Date): Denial {
    return { subject: 'key', id: this.id, until: new Date(now.getTime() + KEY_DENIAL_MS) };
  }

  /** All that a service needs to verify it alone. */
  changed(now: Date): Fact {
    const { tenantId, hmac, pepperVersion, scopes, appId, requestsPerMinute, revision } = this.state;
    return {
      type: 'auth.api-key-changed.v1',
      tenantId,
      occurredAt: now,
      payload: {
        keyId: this.id,
        hmac,
        pepperVersion,
        scopes: [...scopes],
        appId,
        requestsPerMinute,
        expiresAt: this.state.expiresAt?.toISOString(),
        revokedAt: this.state.revokedAt?.toISOString(),
        revision,
      },
    };
  }

  private endOfOverlap(seconds: number, now: Date): Date {
    const end = new Date(now.getTime() + seconds * 1000);
    const { expiresAt } = this.state;
    return expiresAt && expiresAt < end ? expiresAt : end;
  }

  private with(change: Partial<ApiKeyState>): ApiKey {
    return new ApiKey({ ...this.state, ...change, revision: this.state.revision + 1 });
  }
}

/** @throws ExpiryNotAhead */
function ahead(expiresAt: Date | undefined, now: Date): Date | undefined {
  if (expiresAt && expiresAt <= now) throw new ExpiryNotAhead();
  return expiresAt;
}
