import { UserId } from '@libs/kernel';
import { User } from '../../domain/user';
import { ActingSession } from './identity-provider';

/** Authenticator apps and recovery codes that we keep ourselves, for whoever has no second factor elsewhere. */
export abstract class OwnSecondFactor {
  abstract isEnrolled(userId: UserId): Promise<boolean>;

  /** A Base32 secret that nothing knows of yet. */
  abstract newSecret(): string;

  /**
   * Makes a secret from `newSecret`, proven by a code of it, the person's first authenticator; never their second.
   * @param user as it was proven: nothing of who was proven by other credentials than the present ones is kept
   * @returns recovery codes, each good once @throws WrongCode, TooManyAttempts, ChallengeEnded where there is one by now
   */
  abstract enrol(
    user: Pick<User, 'id' | 'credentialsChangedAt'>,
    secret: string,
    code: string,
  ): Promise<readonly string[]>;

  /** @returns the Base32 secret; a former authenticator stays good until this one is verified */
  abstract begin(userId: UserId): Promise<string>;

  /** @returns recovery codes, each good once @throws WrongCode, NoTotpEnrolment, TooManyAttempts, ChallengeEnded */
  abstract verify(session: ActingSession, code: string): Promise<readonly string[]>;

  /** @throws NoTotpEnrolment */
  abstract renewRecoveryCodes(userId: UserId): Promise<readonly string[]>;

  abstract remove(userId: UserId): Promise<void>;
}
