import { TenantId, UserId } from '@libs/kernel';
import { AuthenticationMethod } from '../../domain/session';
import { User } from '../../domain/user';

/** What a sign-in may ask for after the password. The names are Cognito's, which the HTTP contract uses. */
export type Challenge =
  'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'NEW_PASSWORD_REQUIRED' | 'MFA_SETUP' | 'SELECT_MFA_TYPE';

/** The person is proven; tokens may be given. */
export interface Proven {
  state: 'proven';
  user: User;
  methods: readonly AuthenticationMethod[];
  /** What the provider will need to act for this session later; kept sealed. Absent where it needs nothing. */
  grant?: string;
  /** A recovery code stood in for the second factor: worth an audit entry. */
  recoveryCode?: boolean;
  /** Of an authenticator that was enrolled on the way, to be shown this once. */
  recoveryCodes?: readonly string[];
}

/** Something more is asked for before the person is proven. */
export interface Challenged {
  state: 'challenged';
  challenge: Challenge;
  /** The provider's own state between two steps: it binds the next step to this one and is never shown. */
  continuation: string;
  /** Whom the former steps proved, where that is known by now: nobody else may finish what this person began. */
  userId?: UserId;
  /** What the person must see to answer. */
  details?: ChallengeDetails;
}

export interface ChallengeDetails {
  /** SELECT_MFA_TYPE: what there is to choose from. */
  options?: readonly Challenge[];
  /** MFA_SETUP: what an authenticator app reads. */
  secret?: string;
  /** MFA_SETUP: what the app calls the entry. */
  account?: string;
  /** SMS_MFA: where the code went, masked. */
  destination?: string;
}

export type SignInStep = Proven | Challenged;

/** What answers a challenge: a code, the new password, or the chosen kind. */
export interface ChallengeAnswer {
  code?: string;
  password?: string;
  choice?: Challenge;
}

export interface ConfirmedSignUp {
  email: string;
  code: string;
  /** Shows that who receives the mail is who registered: nothing is taken away at a later reset then. */
  password?: string;
}

/** The session in which a signed-in person acts. */
export interface ActingSession {
  tenantId: TenantId;
  userId: UserId;
  sessionId: string;
}

export type SecondFactor = 'totp' | 'sms';

/**
 * Who proves people: our own database, or Cognito. It proves the person and nothing else: tenant, role, sessions and
 * tokens are ours either way. Every method may throw IdentityProviderUnavailable and TooManyAttempts.
 */
export abstract class IdentityProvider {
  /** `iss` under which our users are linked to its people; absent where they are ours by a password. */
  readonly issuer?: string;

  /**
   * Makes the credentials of a new person; the last step inside the transaction that registers them.
   * @returns what our user table keeps (`passwordHash`: local only), and whether a code must confirm the e-mail first
   * @throws EmailTaken, WeakPassword
   */
  abstract signUp(person: {
    email: string;
    password: string;
    name: string;
    /** What `prepareSignUp` gave for this password, where that was asked. */
    prepared?: string;
    /** The person came by a link that was sent there: no code need confirm it. */
    emailProven?: boolean;
  }): Promise<{ passwordHash?: string; confirmed: boolean }>;

  /**
   * Slow work on a new password, for before the transaction opens that `signUp` ends: no connection waits for it.
   * @returns what `signUp` takes as `prepared`
   */
  prepareSignUp(_password: string): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }

  /** @throws ConfirmationFailed for a wrong or outdated code, and for an unknown account alike; InvalidCredentials */
  abstract confirmSignUp(input: ConfirmedSignUp): Promise<void>;

  /** Says nothing about whether the account exists. */
  abstract resendConfirmation(email: string): Promise<void>;

  /** @throws InvalidCredentials, EmailNotConfirmed, PasswordResetRequired */
  abstract signIn(input: { email: string; password: string }): Promise<SignInStep>;

  /**
   * Takes the answer to a challenge of `signIn` or of a former `answer`.
   * @throws WrongCode when another try is possible, ChallengeEnded when none is
   */
  abstract answer(input: {
    challenge: Challenge;
    continuation: string;
    answer: ChallengeAnswer;
  }): Promise<SignInStep>;

  /** Sends a code to whoever owns the address; says nothing about whether there is an account. */
  abstract forgotPassword(email: string): Promise<void>;

  /** @returns the person, whose sessions must end @throws ConfirmationFailed, WeakPassword */
  abstract resetPassword(input: { email: string; code: string; password: string }): Promise<User | undefined>;

  /** @throws InvalidCredentials, WeakPassword */
  abstract changePassword(session: ActingSession, input: { current: string; next: string }): Promise<void>;

  /**
   * Whether the person's second factor is kept there, out of our reach: then we enrol none, and no other way in may
   * stand in for this one, as it would pass that factor by.
   */
  keepsSecondFactorOf(_userId: UserId): Promise<boolean> {
    return Promise.resolve(false);
  }

  abstract secondFactors(userId: UserId, session?: ActingSession): Promise<readonly SecondFactor[]>;

  /** Starts enrolling an authenticator app; nothing is asked for until it is verified. @returns its Base32 secret */
  abstract beginTotp(session: ActingSession): Promise<{ secret: string }>;

  /** @returns recovery codes, each good once; none where the provider has none @throws WrongCode, NoTotpEnrolment */
  abstract verifyTotp(session: ActingSession, code: string): Promise<readonly string[]>;

  /** New recovery codes instead of all former ones; none where the provider has none. @throws NoTotpEnrolment */
  renewRecoveryCodes(_session: ActingSession): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  abstract removeTotp(session: ActingSession): Promise<void>;

  /** Ends what the provider keeps of the person's sign-ins. */
  abstract signOutEverywhere(session: ActingSession): Promise<void>;
}
