import { createHmac, createSign, generateKeyPairSync, KeyObject } from 'node:crypto';
import { Clock } from '@libs/kernel';
import { JwksSource, PublicJwk } from '../src/jwks.source';

export const NOW = new Date('2026-11-22T12:00:00.000Z');
export const NOW_SECONDS = NOW.getTime() / 1000;
export const SETTINGS = { issuer: 'moneyflow-api', audience: 'moneyflow-client' };

export type Json = Record<string, unknown>;

/** A clock that tests move. */
export class TestClock extends Clock {
  constructor(public at = NOW.getTime()) {
    super();
  }
  now(): Date {
    return new Date(this.at);
  }
  advance(seconds: number): void {
    this.at += seconds * 1000;
  }
}

/** Signs whatever it is told to, right or wrong. */
export class TokenForge {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;

  constructor(kid = 'key-1') {
    this.kid = kid;
    ({ privateKey: this.privateKey, publicKey: this.publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
    }));
  }

  get jwk(): PublicJwk {
    return { ...this.publicKey.export({ format: 'jwk' }), kid: this.kid, use: 'sig', alg: 'RS256' };
  }

  get header(): Json {
    return { alg: 'RS256', typ: 'at+jwt', kid: this.kid };
  }

  claims(changes: Json = {}): Json {
    return {
      iss: SETTINGS.issuer,
      aud: SETTINGS.audience,
      sub: '019a2b3c-0000-7000-8000-000000000001',
      userId: '019a2b3c-0000-7000-8000-000000000001',
      email: 'dona@estrela.example',
      tenant_id: '019a2b3c-0000-7000-8000-000000000002',
      role: 'owner',
      scope: 'releases:read releases:write',
      type: 'access',
      jti: '019a2b3c-0000-7000-8000-000000000003',
      sid: '019a2b3c-0000-7000-8000-000000000004',
      auth_time: changes['iat'] ?? NOW_SECONDS,
      amr: ['pwd'],
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 900,
      ...changes,
    };
  }

  /** A token that must pass, but for what `claims` and `header` change. */
  sign(claims: unknown = this.claims(), header: unknown = this.header): string {
    const input = `${encode(header)}.${encode(claims)}`;
    return `${input}.${createSign('RSA-SHA256').update(input).sign(this.privateKey).toString('base64url')}`;
  }

  hmac(secret: string | Buffer, header: Json, hash = 'sha256'): string {
    const input = `${encode(header)}.${encode(this.claims())}`;
    return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
  }
}

export function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(text).toString('base64url');
}

/** A JWKS that tests change and switch off. */
export class TestJwks extends JwksSource {
  loads = 0;
  away = false;

  constructor(public keys: PublicJwk[]) {
    super();
  }

  load(): Promise<PublicJwk[]> {
    this.loads++;
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve([...this.keys]);
  }
}
