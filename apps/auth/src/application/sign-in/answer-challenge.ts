import { Injectable } from '@nestjs/common';
import { Clock, TenantId } from '@libs/kernel';
import { ChallengeEnded } from '../../domain/auth.errors';
import { Origin } from '../../domain/session';
import { AdvanceSignIn, SignInOutcome } from './advance-sign-in';
import { ChallengeStore, PendingChallenge, SignInPurpose } from './challenge-store';
import { ChallengeAnswer, IdentityProvider, SignInStep } from './identity-provider';
import { SecondFactorGate } from './second-factor-gate';
import { SecondFactorSetUp } from './second-factor-set-up';

/** A tenant by whose host somebody comes. */
interface EnteredTenant {
  id: TenantId;
  subdomain: string;
}

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

  /**
   * @param input.only the tenant whose host it came to; the way into another is refused there, and costs no try
   * @throws ChallengeEnded, WrongCode, WeakPassword, TooManyAttempts, and what AdvanceSignIn throws
   */
  async execute(input: {
    challengeId: string;
    answer: ChallengeAnswer;
    only?: EnteredTenant;
    origin: Origin;
  }): Promise<SignInOutcome> {
    const { challengeId, answer, only, origin } = input;
    const pending = await this.challenges.take(challengeId, this.clock.now());
    if (!pending) throw new ChallengeEnded();
    const purpose = only ? purposeAt(only, pending.purpose) : pending.purpose;
    if (!purpose) {
      await this.challenges.putBack(challengeId, pending, this.clock.now());
      throw new ChallengeEnded();
    }
    const step = await this.judge(challengeId, pending, answer);
    const { answerer, userId } = pending;
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

/** What a challenge may lead to at the host of a tenant: a session there, and nothing elsewhere. */
function purposeAt({ id, subdomain }: EnteredTenant, purpose: SignInPurpose): SignInPurpose | undefined {
  if (purpose.kind === 'step_up') return purpose.session.tenantId === id ? purpose : undefined;
  const named = purpose.subdomain?.trim().toLowerCase() || subdomain;
  return named === subdomain ? { kind: 'sign_in', subdomain } : undefined;
}
