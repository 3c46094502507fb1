import { isUuid, TenantId, UserId } from '@libs/kernel';
import { Person, ROLES } from './principal';
import { ExpiredToken, InvalidToken } from './security.errors';

/** Clocks of two machines may differ by this much. */
const SKEW_SECONDS = 30;
// auth issues 15 minutes; a token that claims to live longer than this was not made by it.
const MAX_LIFETIME_SECONDS = 3_600;
/** What auth writes into `amr`. */
const METHODS = new Set<unknown>(['pwd', 'otp', 'sms', 'fed', 'mfa']);

export interface ExpectedClaims {
  issuer: string;
  audience: string;
}

/**
 * Turns the payload of a token whose signature holds into the person it speaks for. Every claim is required and typed: libraries
 * accept a token without `exp`, or with an array as `aud`.
 * @throws InvalidToken, ExpiredToken
 */
export function principalOf(payload: unknown, expected: ExpectedClaims, now: number): Person {
  if (typeof payload !== 'object' || payload === null) throw new InvalidToken('payload');
  const claims = payload as Record<string, unknown>;
  require(claims['iss'] === expected.issuer, 'iss');
  require(claims['aud'] === expected.audience, 'aud');
  require(claims['type'] === 'access', 'type');
  const { sub, email, role, scope, tenant_id: tenantId, jti, sid, auth_time: authTime, amr } = claims;
  require(isUuid(sub) && claims['userId'] === sub, 'sub');
  require(isUuid(tenantId), 'tenant_id');
  require(isUuid(jti), 'jti');
  require(isUuid(sid), 'sid');
  require(typeof email === 'string' && email.length > 0, 'email');
  require(typeof scope === 'string', 'scope');
  const known = ROLES.find((each) => each === role);
  require(known !== undefined, 'role');
  const expiresAt = checkTimes(claims, now);
  require(isSeconds(authTime) && authTime <= now + SKEW_SECONDS, 'auth_time');
  require(Array.isArray(amr) && amr.length > 0 && amr.every((each) => METHODS.has(each)), 'amr');
  return Object.freeze({
    kind: 'person',
    userId: sub as UserId,
    tenantId: tenantId as TenantId,
    email,
    role: known,
    scopes: Object.freeze(scope.split(' ').filter(Boolean)),
    sessionId: sid,
    tokenId: jti,
    expiresAt,
    authenticatedAt: authTime,
    methods: Object.freeze([...(amr as string[])]),
  });
}

/** The last second at which a token with this `exp` is taken. */
export function isExpired(expiresAt: number, now: number): boolean {
  return now >= expiresAt + SKEW_SECONDS;
}

function checkTimes(claims: Record<string, unknown>, now: number): number {
  const { iat, exp, nbf } = claims;
  require(isSeconds(iat) && iat <= now + SKEW_SECONDS, 'iat');
  require(isSeconds(exp) && exp > iat && exp - iat <= MAX_LIFETIME_SECONDS, 'exp');
  require(nbf === undefined || (isSeconds(nbf) && nbf <= now + SKEW_SECONDS), 'nbf');
  if (isExpired(exp, now)) throw new ExpiredToken();
  return exp;
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function require(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new InvalidToken(claim);
}
