import { Fact, newId, TenantId, UserId } from '@libs/kernel';

const DAY_MS = 86_400_000;
/** A refresh token lives this long, each. */
export const REFRESH_TOKEN_MS = 7 * DAY_MS;
/** However often it is refreshed, a session ends after this. */
export const SESSION_MS = 90 * DAY_MS;
export const ACCESS_TOKEN_SECONDS = 900;
/** The predecessor of the live refresh token is answered with that very token for this long: its answer may be lost. */
export const REFRESH_GRACE_MS = 10_000;
// Verifiers allow 30 s of skew; the rest covers a token signed while its session was being ended.
const DENIAL_MARGIN_SECONDS = 90;

export type RevocationReason = 'logout' | 'logout_all' | 'refresh_reuse';

/** One sign-in: the family of the refresh tokens that descend from it. */
export interface Session {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly createdAt: Date;
  /** The latest end; a refresh token may end earlier. */
  readonly expiresAt: Date;
  readonly lastUsedAt: Date;
  readonly ip?: string;
  readonly userAgent?: string;
}

/** Where a sign-in comes from; shown to its owner in the list of sessions. */
export interface Origin {
  ip?: string;
  userAgent?: string;
}

export function openSession(tenantId: TenantId, userId: UserId, origin: Origin, now: Date): Session {
  return {
    id: newId(),
    tenantId,
    userId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + SESSION_MS),
    lastUsedAt: now,
    ip: origin.ip,
    userAgent: origin.userAgent?.slice(0, 256),
  };
}

/** When a refresh token given out now ends: never after its session. */
export function refreshTokenEnd(now: Date, session?: Session): Date {
  const end = now.getTime() + REFRESH_TOKEN_MS;
  return new Date(session ? Math.min(end, session.expiresAt.getTime()) : end);
}

/** Until when a session that ends now must stay on the deny list: as long as any of its access tokens could pass. */
export function denialEnd(now: Date): Date {
  return new Date(now.getTime() + (ACCESS_TOKEN_SECONDS + DENIAL_MARGIN_SECONDS) * 1000);
}

export function sessionRevoked(
  session: Pick<Session, 'id' | 'tenantId' | 'userId'>,
  reason: RevocationReason,
  now: Date,
): Fact {
  return {
    type: 'auth.session-revoked.v1',
    tenantId: session.tenantId,
    occurredAt: now,
    payload: { userId: session.userId, sessionId: session.id, reason },
  };
}
