import { UserId } from '@libs/kernel';
import { StoredRefreshToken } from './refresh-token';
import { AuthenticationMethod, Origin, RevocationReason, Session } from './session';

/** What the store keeps of a new refresh token. */
export interface NewRefreshToken {
  hash: Buffer;
  expiresAt: Date;
}

/** Sessions of the tenant of the transaction, each with its chain of refresh tokens. */
export abstract class SessionRepository {
  abstract open(session: Session, token: NewRefreshToken): Promise<void>;

  /**
   * Exchanges a live token for its successor. However many do so at once, one wins: it is one conditional UPDATE.
   * @returns the session, or nothing when the token was not live
   */
  abstract spend(exchange: {
    hash: Buffer;
    successor: NewRefreshToken;
    sealedSuccessor: Buffer;
    origin: Origin;
    now: Date;
  }): Promise<Session | undefined>;

  /** What became of a token, and of its session. */
  abstract presented(
    hash: Buffer,
    now: Date,
  ): Promise<{ token: StoredRefreshToken; session: Session } | undefined>;

  /** Ends one session of a person. @returns false when there is none that lives */
  abstract end(id: string, userId: UserId, reason: RevocationReason, now: Date): Promise<boolean>;

  /** Ends all of a person's sessions but `except`. @returns those that lived */
  abstract endAll(userId: UserId, reason: RevocationReason, now: Date, except?: string): Promise<string[]>;

  /** Ends every session of the tenant. @returns those that lived, and whose they were */
  abstract endOfTenant(reason: RevocationReason, now: Date): Promise<Pick<Session, 'id' | 'userId'>[]>;

  /** Notes by what the person was proven again; when, only the access token says. @returns false when the session does not live */
  abstract freshen(
    id: string,
    userId: UserId,
    proof: { methods: readonly AuthenticationMethod[]; credentialsAsOf?: Date },
    now: Date,
  ): Promise<boolean>;

  /**
   * Lets the session outlive the latest change of the person's credentials, which was made in it. When the person was
   * last proven stays as it is: a changed password alone is no fresh proof of every factor.
   * @param secondFactor what became of it in this session
   */
  abstract carryOver(id: string, userId: UserId, secondFactor?: 'gained' | 'lost'): Promise<void>;

  /** Whether it lives, and was proven by the credentials that the person has now. */
  abstract isCurrent(id: string, userId: UserId): Promise<boolean>;

  /** Whether this session of the person exists, ended or not. */
  abstract belongs(id: string, userId: UserId): Promise<boolean>;

  /** A person's living sessions, last used first. */
  abstract living(userId: UserId, now: Date): Promise<Session[]>;
}
