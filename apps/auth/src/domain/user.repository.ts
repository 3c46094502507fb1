import { UserId } from '@libs/kernel';
import { User } from './user';

/** Users are global: no tenant is needed to find one. */
export abstract class UserRepository {
  /** @throws EmailTaken */
  abstract add(user: User): Promise<void>;
  /** @param email as `normaliseEmail` gives it */
  abstract findByEmail(email: string): Promise<User | undefined>;
  /**
   * Sets a password, unless it was changed since `user` was read: of two changes at once one wins. Notes the change.
   * @returns false when it was
   */
  abstract changePassword(
    user: Pick<User, 'id' | 'passwordHash'>,
    passwordHash: string,
    now: Date,
  ): Promise<boolean>;
  /** Keeps the same password by a newer hash, unless it was changed since `user` was read. @returns false when it was */
  abstract rehash(user: Pick<User, 'id' | 'passwordHash'>, passwordHash: string): Promise<boolean>;
  /** Notes a change that another provider made. Each change has a later time than the one before, whatever the clock. */
  abstract noteCredentialsChanged(id: UserId, now: Date): Promise<void>;
  /** When they last changed; they do not change before the transaction ends. */
  abstract holdCredentials(id: UserId): Promise<Date | undefined>;
  /**
   * Gives the account to who receives its mail: a password, unless it was changed since `user` was read, and the
   * account is settled. Where it was not, authenticator, recovery codes and linked identities go, all at once.
   * @returns what it had been; nothing when the password was changed meanwhile
   */
  abstract takeOver(
    user: Pick<User, 'id' | 'passwordHash'>,
    passwordHash: string,
    now: Date,
  ): Promise<'settled' | 'cleared' | undefined>;
  /** Notes that somebody receives mail at the address; the first time counts. */
  abstract confirm(id: UserId, now: Date): Promise<void>;
  /** Notes that who receives the mail and who may sign in are one; the first time counts. */
  abstract settle(id: UserId, now: Date): Promise<void>;
  abstract find(id: UserId): Promise<User | undefined>;
}
