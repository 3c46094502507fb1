import { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService, JwtVerifyOptions } from '@nestjs/jwt';
import { Clock } from '@libs/kernel';
import { isExpired, principalOf } from './access-token-claims';
import { kidOf } from './compact-token';
import { JwksCache } from './jwks-cache';
import { LruMap } from './lru-map';
import { Person } from './principal';
import { ExpiredToken, InvalidToken } from './security.errors';
import { SecuritySettings } from './security.settings';

const CAPACITY = 10_000;

/** The claims that carry times are checked by us, with our clock and skew; the signature by the library. */
export const signatureOptions = {
  algorithms: ['RS256'],
  ignoreExpiration: true,
  ignoreNotBefore: true,
} satisfies JwtVerifyOptions;

interface VerifiedToken {
  readonly principal: Person;
  readonly kid: string;
}

/** Verifies access tokens (RFC 9068) on the public keys alone, never asking auth. */
@Injectable()
export class AccessTokenVerifier {
  private readonly jwt = new JwtService();
  private readonly verified = new LruMap<VerifiedToken>(CAPACITY);

  constructor(
    private readonly keys: JwksCache,
    private readonly settings: Pick<SecuritySettings, 'issuer' | 'audience'>,
    private readonly clock: Clock,
  ) {}

  /**
   * The principal of a token that was verified before and still holds.
   * @throws ExpiredToken
   */
  recall(token: string): Person | undefined {
    const entry = this.verified.get(token);
    if (!entry) return undefined;
    // Gone with a retired key: the full check then says why.
    if (!this.keys.knows(entry.kid)) {
      this.verified.delete(token);
      return undefined;
    }
    if (isExpired(entry.principal.expiresAt, this.now())) {
      this.verified.delete(token);
      throw new ExpiredToken();
    }
    return entry.principal;
  }

  /** Checks everything and remembers. @throws InvalidToken, ExpiredToken, KeysUnavailable */
  async verify(token: string): Promise<Person> {
    const key = await this.keyOf(token);
    let payload: unknown;
    try {
      payload = this.jwt.verify<object>(token, { ...signatureOptions, secret: key as never });
    } catch (error) {
      throw new InvalidToken(error instanceof Error ? error.message : 'signature');
    }
    return this.accept(token, payload);
  }

  /** The key to verify `token` with, once its header is found harmless. @throws InvalidToken, KeysUnavailable */
  async keyOf(token: string): Promise<KeyObject> {
    return this.keys.key(kidOf(token));
  }

  /** Takes the payload of a token whose signature holds. @throws InvalidToken, ExpiredToken */
  accept(token: string, payload: unknown): Person {
    const principal = principalOf(payload, this.settings, this.now());
    this.verified.set(token, { principal, kid: kidOf(token) });
    return principal;
  }

  private now(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
