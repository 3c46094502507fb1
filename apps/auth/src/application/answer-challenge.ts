import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { ChallengeEnded } from '../domain/auth.errors';
import { Origin } from '../domain/session';
import { AdvanceSignIn, SignInOutcome } from './advance-sign-in';
import { ChallengeStore, PendingChallenge } from './challenge-store';
import { ChallengeAnswer, IdentityProvider, SignInStep } from './identity-provider';
import { SecondFactorGate } from './second-factor-gate';
import { SecondFactorSetUp } from './second-factor-set-up';

/** Takes the answer to a challenge and leads the sign-in on. */
@Injectable()
export class AnswerChallenge {
  constructor(
    private readonly challenges: ChallengeStore,
    private readonly provider: IdentityProvider,
    private readonly secondFactors: SecondFactorGate,
    private readonly setUp: SecondFactorSetUp,
    private readonly advanceSignIn: AdvanceSignIn,
    private readonly clock: Clock,
  ) {}

  /** @throws ChallengeEnded, WrongCode, WeakPassword, TooManyAttempts, and what AdvanceSignIn throws */
  async execute(input: {
    challengeId: string;
    answer: ChallengeAnswer;
    origin: Origin;
  }): Promise<SignInOutcome> {
    const { challengeId, answer, origin } = input;
    const pending = await this.challenges.take(challengeId, this.clock.now());
    if (!pending) throw new ChallengeEnded();
    const step = await this.judge(challengeId, pending, answer);
    const { answerer, purpose, userId } = pending;
    const user = userId && { id: userId };
    return this.advanceSignIn.execute({ step, answerer, purpose, user, origin });
  }

  /** Every failure costs a try, an outage too: it may have come after the answer was judged. */
  private async judge(id: string, pending: PendingChallenge, answer: ChallengeAnswer): Promise<SignInStep> {
    try {
      return await this.step(pending, answer);
    } catch (error) {
      if (error instanceof ChallengeEnded) throw error;
      const triesLeft = pending.triesLeft - 1;
      if (triesLeft < 1) throw new ChallengeEnded();
      await this.challenges.putBack(id, { ...pending, triesLeft }, this.clock.now());
      throw error;
    }
  }

  private step(pending: PendingChallenge, answer: ChallengeAnswer): Promise<SignInStep> {
    const { answerer, challenge, continuation, purpose } = pending;
    switch (answerer) {
      case 'totp':
        return this.secondFactors.answer(continuation, answer);
      case 'set_up':
        return this.setUp.answer(
          continuation,
          answer,
          purpose.kind === 'step_up' ? purpose.session.sessionId : undefined,
        );
      case 'provider':
        return this.provider.answer({ challenge, continuation, answer });
    }
  }
}
