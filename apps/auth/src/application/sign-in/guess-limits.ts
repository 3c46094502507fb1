import { UserId } from '@libs/kernel';

/** How often a person's second factor may be guessed at, from wherever and in however many sign-ins. */
export abstract class GuessLimits {
  /** Counts a guess, right or wrong. Counts in this process alone, more strictly, while the store is away. @throws TooManyAttempts */
  abstract countSecondFactor(userId: UserId): Promise<void>;
}
