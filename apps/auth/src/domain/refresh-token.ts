import { REFRESH_GRACE_MS } from './session';

/** A refresh token as the store knows it: never its text. */
export interface StoredRefreshToken {
  sessionId: string;
  expiresAt: Date;
  /** When it was exchanged for its successor. */
  spentAt?: Date;
  /** The successor's text, sealed with a key that only this token's text gives. */
  sealedSuccessor?: Buffer;
  successorSpent: boolean;
  sessionEnded: boolean;
}

export type Presented = 'unusable' | 'repeated' | 'reused';

/**
 * What it means that a token was presented which could not be spent.
 * - `repeated`: its successor is the live one and was given out within the grace: the first answer was lost, or two
 *   tabs refreshed at once. The same successor is the answer.
 * - `reused`: it was spent earlier than that, so somebody holds a copy.
 * - `unusable`: it or its session has ended.
 */
export function judgePresented(token: StoredRefreshToken, now: Date): Presented {
  if (token.sessionEnded || !token.spentAt) return 'unusable';
  const inGrace = now.getTime() - token.spentAt.getTime() <= REFRESH_GRACE_MS;
  return inGrace && !token.successorSpent && token.sealedSuccessor ? 'repeated' : 'reused';
}
