import { Injectable } from '@nestjs/common';
import { NotAMember } from '../../domain/auth.errors';
import { NoAuthenticator } from '../../domain/second-factor.errors';
import { AuthenticationMethod, Origin } from '../../domain/session';
import { UserRepository } from '../../domain/user.repository';
import { AdvanceSignIn, SignInOutcome } from './advance-sign-in';
import { CurrentSession } from '../sessions/current-session';
import { ActingSession, IdentityProvider, SignInStep } from './identity-provider';
import { SecondFactorGate, withSecondFactor } from './second-factor-gate';

export interface Proof {
  session: ActingSession;
  /** How the session was proven so far: a code alone adds to that. */
  methods: readonly AuthenticationMethod[];
  password?: string;
  /** Of an authenticator app of ours, or a recovery code; taken where there is no password. */
  code?: string;
  origin: Origin;
}

/** A signed-in person proves again who they are, for what asks for a fresh proof. */
@Injectable()
export class StepUp {
  constructor(
    private readonly users: UserRepository,
    private readonly provider: IdentityProvider,
    private readonly secondFactors: SecondFactorGate,
    private readonly currentSession: CurrentSession,
    private readonly advanceSignIn: AdvanceSignIn,
  ) {}

  /**
   * By password: a challenge follows where the person has a second factor. By code: that is the second factor.
   * @throws InvalidCredentials, WrongCode, NoAuthenticator, TooManyAttempts, ChallengeEnded when the session has ended
   */
  async execute({ session, methods, password, code = '', origin }: Proof): Promise<SignInOutcome> {
    const user = await this.users.find(session.userId);
    if (!user) throw new NotAMember();
    const purpose = { kind: 'step_up', session } as const;
    if (password !== undefined) {
      const step = await this.provider.signIn({ email: user.email, password });
      return this.advanceSignIn.execute({ step, answerer: 'provider', purpose, user, origin });
    }
    // One of ours may be left from before another provider was in charge.
    if (await this.provider.keepsSecondFactorOf(user.id)) throw new NoAuthenticator();
    // The session is the first factor here: not one from before the password changed.
    await this.currentSession.require(session);
    const recoveryCode = await this.secondFactors.spend(user.id, code);
    const proven = {
      state: 'proven',
      user,
      methods: withSecondFactor(methods),
      recoveryCode,
    } satisfies SignInStep;
    return this.advanceSignIn.execute({ step: proven, answerer: 'totp', purpose, user, origin });
  }
}
