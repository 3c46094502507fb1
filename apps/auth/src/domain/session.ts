import { Denial } from './denial.repository';
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

export type RevocationReason =
  | 'logout'
  | 'logout_all'
  | 'refresh_reuse'
  | 'password_changed'
  | 'second_factor_changed'
  | 'credentials_changed'
  | 'membership_changed'
  | 'ended_by_admin'
  | 'tenant_suspended';

/**
 * How a person proved who they are (RFC 8176): password, one-time code, code by SMS, another provider's word (`fed`,
 * ours), and `mfa` beside two or more of different kinds.
 */
export type AuthenticationMethod = 'pwd' | 'otp' | 'sms' | 'fed' | 'mfa';

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
  /** When the person signed in, with every factor they had then. A later proof is of one access token alone. */
  readonly authenticatedAt: Date;
  readonly methods: readonly AuthenticationMethod[];
  /** Up to which change of the person's password or second factor it counts; absent: from before any. */
  readonly credentialsAsOf?: Date;
}

/**
 * Whether the person's credentials changed, and not in this session: then it should have ended, and did not because
 * whoever was ending it stopped on the way.
 */
export function isOutdated({ credentialsAsOf }: Session, credentialsChangedAt: Date | undefined): boolean {
  return credentialsChangedAt !== undefined && !(credentialsAsOf && credentialsAsOf >= credentialsChangedAt);
}

/** Where a sign-in comes from; shown to its owner in the list of sessions. */
export interface Origin {
  ip?: string;
  userAgent?: string;
}

export function openSession(
  tenantId: TenantId,
  userId: UserId,
  methods: readonly AuthenticationMethod[],
  origin: Origin,
  now: Date,
  credentialsAsOf?: Date,
): Session {
  return {
    id: newId(),
    tenantId,
    userId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + SESSION_MS),
    lastUsedAt: now,
    ip: origin.ip,
    userAgent: origin.userAgent?.slice(0, 256),
    authenticatedAt: now,
    methods,
    credentialsAsOf,
  };
}

/** When a refresh token given out now ends: never after its session. */
export function refreshTokenEnd(now: Date, session?: Session): Date {
  const end = now.getTime() + REFRESH_TOKEN_MS;
  return new Date(session ? Math.min(end, session.expiresAt.getTime()) : end);
}

/** Until when a session that ends now must stay on the deny list: as long as any of its access tokens could pass. */
function denialEnd(now: Date): Date {
  return new Date(now.getTime() + (ACCESS_TOKEN_SECONDS + DENIAL_MARGIN_SECONDS) * 1000);
}

/** Keeps the tokens of a session that ends now from passing anywhere. */
export function sessionDenial(sessionId: string, now: Date): Denial {
  return { subject: 'session', id: sessionId, until: denialEnd(now) };
}

/** Outlasts the way that a tenant's new status takes to the directory of every service, by far. */
const TENANT_DENIAL_SECONDS = 60;

/** Keeps whatever acts for a tenant from passing, also what no list of sessions and keys knows yet. */
export function tenantDenial(tenantId: TenantId, now: Date): Denial {
  return { subject: 'tenant', id: tenantId, until: new Date(now.getTime() + TENANT_DENIAL_SECONDS * 1000) };
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
