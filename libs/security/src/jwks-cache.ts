import { createPublicKey, KeyObject } from 'node:crypto';
import { Clock } from '@libs/kernel';
import { logger } from '@libs/logging';
import { JwksSource, PublicJwk } from './jwks.source';
import { InvalidToken, KeysUnavailable } from './security.errors';

/** An unknown kid makes the cache ask again, but no more often than this. */
const COOLDOWN_MS = 10_000;
/** After a failure the next attempt comes sooner. */
const RETRY_MS = 1_000;
/** Past this age the keys are asked for again, beside the request; past the other one, before it. */
const REFRESH_MS = 60_000;
const STALE_MS = 300_000;
/** While the source is away the last good keys serve for so long: a stolen one cannot be taken back meanwhile. */
const TRUSTED_MS = 3_600_000;
const MIN_MODULUS_BITS = 2_048;

const log = logger('security');

/**
 * The public keys, by kid. While their source is away the last good ones stay in use for an hour. A key that the source no longer
 * lists is gone with the next load.
 */
export class JwksCache {
  private keys: ReadonlyMap<string, KeyObject> = new Map();
  private loadedAt = -Infinity;
  private attemptedAt = -Infinity;
  private failure: unknown;
  private loading?: Promise<void>;

  constructor(
    private readonly source: JwksSource,
    private readonly clock: Clock,
    private readonly refreshMs = REFRESH_MS,
  ) {}

  /** Whether a token verified with this key a while ago may still be trusted. */
  knows(kid: string): boolean {
    const age = this.now() - this.loadedAt;
    if (age > this.refreshMs && this.mayAttempt(RETRY_MS)) void this.load();
    return this.keys.has(kid) && (age <= STALE_MS || (this.failure !== undefined && age <= TRUSTED_MS));
  }

  /**
   * @throws InvalidToken when the source does not list this kid
   * @throws KeysUnavailable when that cannot be told because the source is away
   */
  async key(kid: string): Promise<KeyObject> {
    const age = this.now() - this.loadedAt;
    if (age > STALE_MS && this.mayAttempt(RETRY_MS)) await this.load();
    else if (age > this.refreshMs && this.mayAttempt(RETRY_MS)) void this.load();
    const known = this.keys.get(kid);
    if (known && this.isTrusted()) return known;
    if (this.loading || this.mayAttempt(this.failure ? RETRY_MS : COOLDOWN_MS)) await this.load();
    const found = this.keys.get(kid);
    if (found && this.isTrusted()) return found;
    if (this.failure) throw new KeysUnavailable(this.failure);
    throw new InvalidToken('kid');
  }

  private isTrusted(): boolean {
    return this.now() - this.loadedAt <= TRUSTED_MS;
  }

  private mayAttempt(pause: number): boolean {
    return this.now() - this.attemptedAt >= pause;
  }

  /** Concurrent callers share one load; it never rejects, a failure is remembered. */
  private load(): Promise<void> {
    this.attemptedAt = this.now();
    this.loading ??= this.source
      .load()
      .then((jwks) => {
        const keys = usableKeys(jwks);
        if (keys.size === 0) throw new Error('the JWKS lists no usable key');
        this.keys = keys;
        this.loadedAt = this.now();
        this.failure = undefined;
      })
      .catch((error: unknown) => {
        this.failure = error;
        log.warn({ err: error, kept: this.keys.size }, 'public keys could not be loaded');
      })
      .finally(() => {
        this.loading = undefined;
      });
    return this.loading;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

function usableKeys(jwks: readonly PublicJwk[]): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const jwk of jwks) {
    const key = usableKey(jwk);
    if (key && jwk.kid && !keys.has(jwk.kid)) keys.set(jwk.kid, key);
    else log.warn({ kid: jwk.kid }, 'a key of the JWKS is not usable');
  }
  return keys;
}

/** Only what was published to verify RS256 signatures; never a key for encryption, nor a private one. */
function usableKey({ kty, use, alg, kid, n, e, d }: PublicJwk): KeyObject | undefined {
  if (kty !== 'RSA' || use !== 'sig' || alg !== 'RS256' || !kid || !n || !e || d !== undefined)
    return undefined;
  const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_MODULUS_BITS ? key : undefined;
}
