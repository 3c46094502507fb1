import { Injectable } from '@nestjs/common';
import { Clock, UserId } from '@libs/kernel';
import { ChallengeEnded } from '../../domain/auth.errors';
import { chooseMembership } from '../../domain/membership';
import { MembershipRepository } from '../../domain/membership.repository';
import { SecondFactorRequired } from '../../domain/second-factor.errors';
import { Origin } from '../../domain/session';
import { User } from '../../domain/user';
import { GivenTokens } from '../sessions/access-tokens';
import { Answerer, ChallengeStore, SignInPurpose } from './challenge-store';
import { FreshenSession } from '../sessions/freshen-session';
import {
  Challenge,
  Challenged,
  ChallengeDetails,
  IdentityProvider,
  Proven,
  SignInStep,
} from './identity-provider';
import { OpenSession } from '../sessions/open-session';
import { SecondFactorSetUp } from './second-factor-set-up';

/** How long a challenge waits for its answer, and how many answers it takes. */
export const CHALLENGE_SECONDS = 300;
export const CHALLENGE_TRIES = 5;

export type SignInOutcome =
  | { tokens: GivenTokens; recoveryCodes?: readonly string[] }
  | {
      challenge: Challenge;
      /** Opaque; binds the next step to this one. */
      challengeId: string;
      /** Seconds. */
      expiresIn: number;
      details?: ChallengeDetails;
    };

export interface SignInAdvance {
  step: SignInStep;
  /** Who takes the answer, where the step asks for one. */
  answerer: Answerer;
  purpose: SignInPurpose;
  /** Whom former steps proved, where this one does not say it. */
  user?: Pick<User, 'id'>;
  origin: Origin;
}

/** What follows a step of any way to sign in: tokens for who is proven, else a challenge to be answered. */
@Injectable()
export class AdvanceSignIn {
  constructor(
    private readonly challenges: ChallengeStore,
    private readonly memberships: MembershipRepository,
    private readonly openSession: OpenSession,
    private readonly freshenSession: FreshenSession,
    private readonly provider: IdentityProvider,
    private readonly setUp: SecondFactorSetUp,
    private readonly clock: Clock,
  ) {}

  /** @throws TenantRequired, NotAMember, TenantSuspended, ChallengeEnded, SecondFactorRequired */
  async execute(advance: SignInAdvance): Promise<SignInOutcome> {
    const { step } = advance;
    if (step.state === 'challenged') return this.ask(step, advance);
    try {
      return { tokens: await this.finish(step, advance), recoveryCodes: step.recoveryCodes };
    } catch (error) {
      if (!(error instanceof SecondFactorRequired)) throw error;
      if (await this.provider.keepsSecondFactorOf(step.user.id)) throw error;
      return this.ask(this.setUp.begin(step.user, step.methods), { ...advance, answerer: 'set_up' });
    }
  }

  private finish(step: Proven, { purpose, user, origin }: SignInAdvance): Promise<GivenTokens> {
    if (user && user.id !== step.user.id) throw new ChallengeEnded();
    return purpose.kind === 'sign_in'
      ? this.openSession.execute({ ...step, subdomain: purpose.subdomain, origin })
      : this.freshenSession.execute({ ...step, session: purpose.session });
  }

  private async ask(step: Challenged, advance: SignInAdvance): Promise<SignInOutcome> {
    const { challenge, continuation, details, userId = advance.user?.id } = step;
    const { answerer } = advance;
    const purpose = await this.settled(advance.purpose, userId);
    const now = this.clock.now();
    const endsAt = new Date(now.getTime() + CHALLENGE_SECONDS * 1000);
    const challengeId = await this.challenges.keep(
      {
        challenge,
        continuation,
        details,
        answerer,
        purpose,
        userId,
        triesLeft: CHALLENGE_TRIES,
        endsAt,
      },
      now,
    );
    return { challenge, challengeId, expiresIn: CHALLENGE_SECONDS, details };
  }

  /** With the tenant that it leads to: found before the code, not after it, as a code is good once. */
  private async settled(purpose: SignInPurpose, userId: UserId | undefined): Promise<SignInPurpose> {
    if (!userId || purpose.kind !== 'sign_in') return purpose;
    const { subdomain } = chooseMembership(await this.memberships.ofPerson(userId), purpose.subdomain);
    return { kind: 'sign_in', subdomain };
  }
}
