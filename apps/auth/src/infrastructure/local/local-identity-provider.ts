import { UserId } from '@libs/kernel';
import {
  ActingSession,
  Challenge,
  ChallengeAnswer,
  ConfirmedSignUp,
  IdentityProvider,
  SecondFactor,
  SignInStep,
} from '../../application/sign-in/identity-provider';
import { OwnSecondFactor } from '../../application/sign-in/own-second-factor';
import { PasswordHasher } from '../../application/sign-in/password-hasher';
import { SecondFactorGate } from '../../application/sign-in/second-factor-gate';
import { EmailNotConfirmed, InvalidCredentials, PasswordChecksBusy } from '../../domain/auth.errors';
import { foldEmail } from '../../domain/email';
import { normalisePassword } from '../../domain/password';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { LocalPasswords } from './local-passwords';

export interface LocalIdentitySettings {
  /** Whether nobody signs in before their e-mail was confirmed by a code. */
  confirmation: 'optional' | 'required';
}

/** People proven by our own database: passwords as Argon2id, authenticator apps, codes by mail. */
export class LocalIdentityProvider extends IdentityProvider {
  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly gate: SecondFactorGate,
    private readonly passwords: LocalPasswords,
    private readonly totp: OwnSecondFactor,
    private readonly settings: LocalIdentitySettings,
  ) {
    super();
  }

  override prepareSignUp(password: string): Promise<string> {
    return this.hasher.hash(password);
  }

  async signUp(person: {
    email: string;
    password: string;
    prepared?: string;
    emailProven?: boolean;
  }): Promise<{ passwordHash: string; confirmed: boolean }> {
    const { email, password, prepared, emailProven = false } = person;
    const passwordHash = prepared ?? (await this.hasher.hash(normalisePassword(password)));
    const confirmed = emailProven || this.settings.confirmation === 'optional';
    if (!confirmed) await this.passwords.sendConfirmation(email);
    return { passwordHash, confirmed };
  }

  confirmSignUp({ email, code, password }: ConfirmedSignUp): Promise<void> {
    return this.passwords.confirm(email, code, password);
  }

  resendConfirmation(email: string): Promise<void> {
    return this.passwords.resendConfirmation(email);
  }

  async signIn({ email, password }: { email: string; password: string }): Promise<SignInStep> {
    // One look-up and one verification on every path: an unknown account must not answer sooner.
    const user = await this.users.findByEmail(foldEmail(email));
    const matches = await this.hasher.verify(normalisePassword(password), user?.passwordHash);
    if (!user || !matches) throw new InvalidCredentials();
    if (this.settings.confirmation === 'required' && !user.confirmedAt) throw new EmailNotConfirmed();
    return this.gate.require(await this.upToDate(user, normalisePassword(password)), ['pwd']);
  }

  /** Hashes a right password anew where it was hashed by parameters of before; a busy moment leaves it for the next. */
  private async upToDate(user: User, password: string): Promise<User> {
    if (user.passwordHash === undefined || !this.hasher.isOutdated(user.passwordHash)) return user;
    try {
      const passwordHash = await this.hasher.hash(password);
      return (await this.users.rehash(user, passwordHash)) ? User.restore({ ...user, passwordHash }) : user;
    } catch (error) {
      if (!(error instanceof PasswordChecksBusy)) throw error;
      return user;
    }
  }

  answer({
    continuation,
    answer,
  }: {
    challenge: Challenge;
    continuation: string;
    answer: ChallengeAnswer;
  }): Promise<SignInStep> {
    return this.gate.answer(continuation, answer);
  }

  forgotPassword(email: string): Promise<void> {
    return this.passwords.forgot(email);
  }

  resetPassword(input: { email: string; code: string; password: string }): Promise<User> {
    return this.passwords.reset(input.email, input.code, input.password);
  }

  changePassword(session: ActingSession, input: { current: string; next: string }): Promise<void> {
    return this.passwords.change(session.userId, input.current, input.next);
  }

  async secondFactors(userId: UserId): Promise<readonly SecondFactor[]> {
    return (await this.totp.isEnrolled(userId)) ? ['totp'] : [];
  }

  async beginTotp({ userId }: ActingSession): Promise<{ secret: string }> {
    return { secret: await this.totp.begin(userId) };
  }

  verifyTotp(session: ActingSession, code: string): Promise<readonly string[]> {
    return this.totp.verify(session, code);
  }

  override renewRecoveryCodes({ userId }: ActingSession): Promise<readonly string[]> {
    return this.totp.renewRecoveryCodes(userId);
  }

  removeTotp({ userId }: ActingSession): Promise<void> {
    return this.totp.remove(userId);
  }

  /** Nothing is kept but our own sessions, and those are ended by whoever asks this. */
  signOutEverywhere(): Promise<void> {
    return Promise.resolve();
  }
}
