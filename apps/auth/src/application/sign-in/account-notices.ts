import { User } from '../../domain/user';

/** Tells a person what was done to their account, in case it was not them; beside the request. */
export abstract class AccountNotices {
  abstract googleChanged(user: Pick<User, 'email'>, linked: boolean): void;
}
