import { UserId } from '@libs/kernel';
import { ActingSession, Challenged } from './identity-provider';

/** Who takes the answer: the identity provider that asked, our own second factor, or its set-up. */
export type Answerer = 'provider' | 'totp' | 'set_up';

/** What the person gets at the end: a session, or a fresh proof in the session they have. */
export type SignInPurpose =
  { kind: 'sign_in'; subdomain?: string } | { kind: 'step_up'; session: ActingSession };

/** A sign-in that waits for its next answer. */
export interface PendingChallenge extends Pick<Challenged, 'challenge' | 'continuation' | 'details'> {
  answerer: Answerer;
  purpose: SignInPurpose;
  /** Whom the former steps proved, where they said so; the answer must be the same person's. */
  userId?: UserId;
  triesLeft: number;
  endsAt: Date;
}

/** Keeps pending sign-ins under ids that nobody can guess. Every method throws when the store is away. */
export abstract class ChallengeStore {
  /** @returns the id: opaque, shown to the client, and the only way to the challenge */
  abstract keep(pending: PendingChallenge, now: Date): Promise<string>;

  /** Gets and forgets in one step: of any number of answers that come at once, one is judged. */
  abstract take(id: string, now: Date): Promise<PendingChallenge | undefined>;

  /** Gives a taken challenge back under its id, for another try. */
  abstract putBack(id: string, pending: PendingChallenge, now: Date): Promise<void>;
}
