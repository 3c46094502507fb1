import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, UserId } from '@libs/kernel';
import { PasswordHasher } from '../../application/sign-in/password-hasher';
import { ConfirmationFailed, InvalidCredentials } from '../../domain/auth.errors';
import { foldEmail } from '../../domain/email';
import { MembershipRepository } from '../../domain/membership.repository';
import { choosePassword, contextOf, normalisePassword } from '../../domain/password';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { accountMails } from './account-mails';
import { BackgroundMail } from './background-mail';
import { MailCodes } from './mail-codes';

const RESET_MINUTES = 10;
const CONFIRMATION_MINUTES = 10;

/** What a reset code stands for: an account whose password is still the one it was sent for. */
interface ResetOf {
  userId: UserId;
  fingerprint: string;
}

/** Passwords of ours, and the codes by mail that confirm an address or replace a forgotten password. */
@Injectable()
export class LocalPasswords {
  constructor(
    private readonly users: UserRepository,
    private readonly memberships: MembershipRepository,
    private readonly hasher: PasswordHasher,
    private readonly codes: MailCodes,
    private readonly mail: BackgroundMail,
    private readonly clock: Clock,
  ) {}

  async sendConfirmation(address: string): Promise<void> {
    const email = foldEmail(address);
    const code = await this.codes.mint('confirm', email, {}, CONFIRMATION_MINUTES * 60);
    this.mail.post(accountMails.confirmation(email, code, CONFIRMATION_MINUTES));
  }

  /** The same steps whether or not there is such an account, and whether or not it was settled before. */
  async resendConfirmation(address: string): Promise<void> {
    const email = foldEmail(address);
    const user = await this.users.findByEmail(email);
    const code = await this.codes.mint('confirm', email, {}, CONFIRMATION_MINUTES * 60);
    if (user && !user.settledAt)
      this.mail.post(accountMails.confirmation(user.email, code, CONFIRMATION_MINUTES));
  }

  /**
   * The code alone confirms the address; with the password it settles the account.
   * @throws ConfirmationFailed, InvalidCredentials when the password is wrong, PasswordChecksBusy
   */
  async confirm(address: string, code: string, password?: string): Promise<void> {
    const email = foldEmail(address);
    await this.codes.spend('confirm', email, code, async () => {
      const user = await this.users.findByEmail(email);
      if (!user) throw new ConfirmationFailed();
      const now = this.clock.now();
      if (password === undefined) return this.users.confirm(user.id, now);
      if (!(await this.hasher.verify(normalisePassword(password), user.passwordHash)))
        throw new InvalidCredentials();
      return this.users.settle(user.id, now);
    });
  }

  /** The same steps whether or not there is such an account: a look-up, and a code that is kept. */
  async forgot(address: string): Promise<void> {
    const email = foldEmail(address);
    const user = await this.users.findByEmail(email);
    // Nobody is told the code of an account that does not exist.
    const reset = { userId: user?.id, fingerprint: fingerprintOf(user) };
    const code = await this.codes.mint('reset', email, reset, RESET_MINUTES * 60);
    if (user) this.mail.post(accountMails.reset(user.email, code, RESET_MINUTES));
  }

  /** @throws ConfirmationFailed, WeakPassword, PasswordChecksBusy */
  async reset(address: string, code: string, next: string): Promise<User> {
    const email = foldEmail(address);
    return this.codes.spend<ResetOf, User>('reset', email, code, async ({ userId, fingerprint }) => {
      const user = await this.users.find(userId);
      // A code that was sent before the password changed is good no more.
      if (!user || fingerprintOf(user) !== fingerprint) throw new ConfirmationFailed();
      // Only who brings a good code learns what is too weak here: it tells what companies there are.
      const password = await this.chosen(user, next);
      const hash = await this.hasher.hash(password);
      const was = await this.users.takeOver(user, hash, this.clock.now());
      if (!was) throw new ConfirmationFailed();
      this.mail.post(accountMails[was === 'cleared' ? 'takenOver' : 'passwordChanged'](user.email));
      return user;
    });
  }

  /** @throws InvalidCredentials, WeakPassword, PasswordChecksBusy */
  async change(userId: UserId, current: string, next: string): Promise<void> {
    const user = await this.users.find(userId);
    const matches = await this.hasher.verify(normalisePassword(current), user?.passwordHash);
    if (!user || !matches) throw new InvalidCredentials();
    const password = await this.chosen(user, next);
    const hash = await this.hasher.hash(password);
    if (!(await this.users.changePassword(user, hash, this.clock.now()))) throw new InvalidCredentials();
    this.mail.post(accountMails.passwordChanged(user.email));
  }

  private async chosen(user: User, text: string): Promise<string> {
    return choosePassword(text, contextOf(user, await this.memberships.ofPerson(user.id)));
  }
}

/** Tells one password from the next one. */
function fingerprintOf(user: User | undefined): string {
  return createHash('sha256')
    .update(user?.passwordHash ?? '')
    .digest('base64url');
}
