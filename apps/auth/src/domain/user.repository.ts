import { UserId } from '@libs/kernel';
import { User } from './user';

/** Users are global: no tenant is needed to find one. */
export abstract class UserRepository {
  /** @throws EmailTaken */
  abstract add(user: User): Promise<void>;
  /** @param email as `normaliseEmail` gives it */
  abstract findByEmail(email: string): Promise<User | undefined>;
  abstract find(id: UserId): Promise<User | undefined>;
}
