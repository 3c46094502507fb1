import { OnApplicationShutdown } from '@nestjs/common';
import { Clock, UserId } from '@libs/kernel';
import { logger } from '@libs/logging';
import {
  ActingSession,
  Challenge,
  ChallengeAnswer,
  IdentityProvider,
  SecondFactor,
  SignInStep,
} from '../../application/sign-in/identity-provider';
import { OwnSecondFactor } from '../../application/sign-in/own-second-factor';
import {
  ConfirmationFailed,
  EmailNotConfirmed,
  EmailTaken,
  InvalidCredentials,
  MalformedEmail,
  PasswordResetRequired,
} from '../../domain/auth.errors';
import { foldEmail } from '../../domain/email';
import { ProviderProofNeeded } from '../../domain/identity.errors';
import { MembershipRepository } from '../../domain/membership.repository';
import { choosePassword, contextOf, normalisePassword } from '../../domain/password';
import { IdentityRepository } from '../../domain/identity.repository';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { CognitoApi } from './cognito-api';
import { Fault, faultOf, verdict, Verdicts } from './cognito-faults';
import { CognitoAuthenticators } from './cognito-authenticators';
import { CognitoFactors } from './cognito-factors';
import { CognitoGrants } from './cognito-grants';
import { CognitoPeople } from './cognito-people';
import { CognitoSignIn, refusedPassword } from './cognito-sign-in';

const log = logger('cognito');
/** What would tell whether there is an account, if it were said. */
const QUIET: readonly Fault[] = ['refused', 'unconfirmed', 'reset_required', 'malformed', 'limited'];
/** One answer for a wrong code and for an account that is not there, or not in a state for codes. */
const CODE_FAILED: Verdicts = {
  wrong_code: () => new ConfirmationFailed(),
  stale_code: () => new ConfirmationFailed(),
  refused: () => new ConfirmationFailed(),
  unconfirmed: () => new ConfirmationFailed(),
  exists: () => new ConfirmationFailed(),
  malformed: () => new ConfirmationFailed(),
  limited: () => new ConfirmationFailed(),
};

/** People are proven by a Cognito user pool whose user names are e-mails; tenants, roles and sessions stay ours. */
export class CognitoIdentityProvider extends IdentityProvider implements OnApplicationShutdown {
  constructor(
    private readonly api: CognitoApi,
    private readonly steps: CognitoSignIn,
    private readonly people: CognitoPeople,
    private readonly grants: CognitoGrants,
    private readonly factors: CognitoFactors,
    private readonly authenticators: CognitoAuthenticators,
    /** For people whom the pool does not know: they came by Google. */
    private readonly own: OwnSecondFactor,
    private readonly users: UserRepository,
    private readonly memberships: MembershipRepository,
    private readonly identities: IdentityRepository,
    /** `iss` of the pool's tokens. */
    override readonly issuer: string,
    private readonly clock: Clock,
  ) {
    super();
  }

  async signUp(person: { email: string; password: string; name: string }): Promise<{ confirmed: boolean }> {
    const { email, password, name } = person;
    if (await this.people.isTaken(email)) throw new EmailTaken();
    try {
      const { UserSub, UserConfirmed } = await this.api.signUp({ username: email, password, name });
      if (UserSub) await this.people.joinNew(email, { issuer: this.issuer, subject: UserSub });
      return { confirmed: UserConfirmed === true };
    } catch (error) {
      if (faultOf(error) === 'exists') return this.adopt(email, password);
      throw verdict(error, {
        weak_password: refusedPassword,
        malformed: () => (mentionsPassword(error) ? refusedPassword() : new MalformedEmail()),
      });
    }
  }

  async confirmSignUp({ email, code }: { email: string; code: string }): Promise<void> {
    await attempt(() => this.api.confirmSignUp(foldEmail(email), code), CODE_FAILED);
  }

  async resendConfirmation(email: string): Promise<void> {
    await quietly(() => this.api.resendConfirmation(foldEmail(email)));
  }

  async signIn({ email, password }: { email: string; password: string }): Promise<SignInStep> {
    const username = foldEmail(email);
    const answer = await attempt(() => this.api.signIn(username, normalisePassword(password)), {
      refused: () => new InvalidCredentials(),
      malformed: () => new InvalidCredentials(),
      weak_password: () => new InvalidCredentials(), // how cognito-local says it
      session_over: () => new InvalidCredentials(),
      unconfirmed: () => new EmailNotConfirmed(),
      reset_required: () => new PasswordResetRequired(),
    });
    return this.steps.step(answer, { username, methods: ['pwd'] });
  }

  answer(input: {
    challenge: Challenge;
    continuation: string;
    answer: ChallengeAnswer;
  }): Promise<SignInStep> {
    return this.steps.answer(input.challenge, input.continuation, input.answer);
  }

  async forgotPassword(email: string): Promise<void> {
    await quietly(() => this.api.forgotPassword(foldEmail(email)));
  }

  async resetPassword(input: { email: string; code: string; password: string }): Promise<User | undefined> {
    const email = foldEmail(input.email);
    // Before the code is looked at: a refused password must not cost it.
    const password = choosePassword(input.password, [email]); // no more of who is not proven yet
    try {
      await this.api.confirmForgotPassword(email, input.code, password);
    } catch (error) {
      throw verdict(error, {
        ...CODE_FAILED,
        weak_password: refusedPassword,
        malformed: () => (mentionsPassword(error) ? refusedPassword() : new ConfirmationFailed()),
      });
    }
    const subject = await this.steps.subjectOf(email, password);
    const user = await this.people.known(email, subject ? { issuer: this.issuer, subject } : undefined);
    if (user) await this.noteChange(user.id);
    return user;
  }

  async changePassword(session: ActingSession, input: { current: string; next: string }): Promise<void> {
    const current = normalisePassword(input.current);
    const user = await this.users.find(session.userId);
    const memberships = await this.memberships.ofPerson(session.userId);
    const next = choosePassword(input.next, user ? contextOf(user, memberships) : []);
    await attempt(
      () => this.grants.acting(session, (token) => this.api.changePassword(token, current, next)),
      {
        refused: () => new InvalidCredentials(),
        weak_password: refusedPassword,
        malformed: refusedPassword,
      },
    );
    await this.noteChange(session.userId);
  }

  override async keepsSecondFactorOf(userId: UserId): Promise<boolean> {
    return (await this.identities.ofUser(userId)).some(({ issuer }) => issuer === this.issuer);
  }

  async secondFactors(userId: UserId, session?: ActingSession): Promise<readonly SecondFactor[]> {
    if (await this.keepsSecondFactorOf(userId)) return this.factors.of(userId, session);
    return (await this.own.isEnrolled(userId)) ? ['totp'] : [];
  }

  async beginTotp(session: ActingSession): Promise<{ secret: string }> {
    const { userId } = session;
    const theirs = await this.keepsSecondFactorOf(userId);
    return { secret: await (theirs ? this.authenticators.begin(session) : this.own.begin(userId)) };
  }

  /** Cognito has no recovery codes: who loses the authenticator asks the operator of the pool. */
  async verifyTotp(session: ActingSession, code: string): Promise<readonly string[]> {
    if (!(await this.keepsSecondFactorOf(session.userId))) return this.own.verify(session, code);
    await this.authenticators.verify(session, code);
    await this.noteChange(session.userId);
    return [];
  }

  override async renewRecoveryCodes({ userId }: ActingSession): Promise<readonly string[]> {
    return (await this.keepsSecondFactorOf(userId)) ? [] : this.own.renewRecoveryCodes(userId);
  }

  async removeTotp(session: ActingSession): Promise<void> {
    const { userId } = session;
    if (!(await this.keepsSecondFactorOf(userId))) return this.own.remove(userId);
    await this.authenticators.remove(session);
    await this.noteChange(userId);
  }

  /**
   * Repeatable: nothing kept, or tokens that are over there, means that there is nothing left to end. While Cognito is
   * away this does not fail: our sessions have ended, and nobody else has the tokens that are forgotten here.
   */
  async signOutEverywhere(session: ActingSession): Promise<void> {
    try {
      await this.grants.acting(session, (token) => this.api.signOutEverywhere(token));
    } catch (error) {
      if (!(error instanceof ProviderProofNeeded) && faultOf(error) !== 'refused')
        log.warn({ err: verdict(error, {}) }, 'a person could not be signed out at Cognito');
    }
    await this.grants.forget(session);
  }

  onApplicationShutdown(): void {
    this.api.destroy();
  }

  /** What Cognito changed: sessions of before must not outlive it, also when nobody comes to end them. */
  private noteChange(userId: UserId): Promise<void> {
    return this.users.noteCredentialsChanged(userId, this.clock.now());
  }

  /**
   * Cognito has somebody of this e-mail and we have nobody: a registration that failed after Cognito's part of it, or
   * a person of another application of the pool. Who knows the password may go on.
   * @throws EmailTaken
   */
  private async adopt(email: string, password: string): Promise<{ confirmed: boolean }> {
    try {
      // Whom it proves is not looked at: the first sign-in links.
      await this.api.signIn(email, password);
      return { confirmed: true };
    } catch (error) {
      if (faultOf(error) !== 'unconfirmed') throw verdict(error, { refused: () => new EmailTaken() });
      await this.resendConfirmation(email);
      return { confirmed: false };
    }
  }
}

async function attempt<T>(call: () => Promise<T>, verdicts: Verdicts): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw verdict(error, verdicts);
  }
}

/** For calls whose every answer must be the same to who is not known. */
async function quietly(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!QUIET.includes(faultOf(error))) throw verdict(error, {});
  }
}

function mentionsPassword(error: unknown): boolean {
  return error instanceof Error && /password/i.test(error.message);
}
