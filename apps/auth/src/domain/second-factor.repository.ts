import { UserId } from '@libs/kernel';

/** An authenticator app that a person has enrolled. */
export interface Authenticator {
  /** Base32. */
  secret: string;
  /** The latest 30-second step whose code was accepted: neither it nor an earlier one is accepted again. */
  lastStep: number;
}

/** A secret that a code proved. */
export interface Enrolment {
  userId: UserId;
  secret: string;
  /** Of the code: it is spent. */
  step: number;
  codeHashes: readonly Buffer[];
  /** Up to which change of the person's credentials whoever enrols was proven; absent: from before any. */
  credentialsAsOf?: Date;
  now: Date;
}

/**
 * Second factors are a person's, in whatever tenant the person signs in. What changes one notes at the user that it did,
 * in the same transaction.
 */
export abstract class SecondFactorRepository {
  abstract find(userId: UserId): Promise<Authenticator | undefined>;

  /** Keeps a secret that asks for nothing until it is confirmed; it replaces a former one that never was. */
  abstract begin(userId: UserId, secret: string, now: Date): Promise<void>;

  /** The secret that waits to be confirmed, if it was begun at `since` or later. */
  abstract pending(userId: UserId, since: Date): Promise<string | undefined>;

  /**
   * Makes the pending secret the person's authenticator, and these the recovery codes, instead of all former ones.
   * @returns false when another secret is pending by now, or the credentials changed meanwhile
   */
  abstract confirm(enrolment: Enrolment): Promise<boolean>;

  /**
   * Makes this secret the person's authenticator, and these the recovery codes, where the person has none.
   * @returns false when there is one, as nobody replaces it this way, or the credentials changed meanwhile
   */
  abstract enrolFirst(enrolment: Enrolment): Promise<boolean>;

  /** Spends the code of a step, at most once however many try. @returns false when it or a later one was spent */
  abstract spendStep(userId: UserId, step: number): Promise<boolean>;

  /** Spends a recovery code, at most once however many try. @returns false when there is no such unspent code */
  abstract spendRecoveryCode(userId: UserId, hash: Buffer, now: Date): Promise<boolean>;

  /** Gives new recovery codes instead of all former ones. @returns false when there is no authenticator */
  abstract replaceRecoveryCodes(userId: UserId, codeHashes: readonly Buffer[], now: Date): Promise<boolean>;

  /** Removes authenticator and recovery codes. @returns false when there was no authenticator */
  abstract remove(userId: UserId, now: Date): Promise<boolean>;
}
