import { Injectable } from '@nestjs/common';
import { UserId } from '@libs/kernel';
import { ChallengeEnded } from '../../domain/auth.errors';
import { AuthenticationMethod } from '../../domain/session';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { EndAllSessions } from '../sessions/end-all-sessions';
import { ChallengeAnswer, Challenged, Proven } from './identity-provider';
import { OwnSecondFactor } from './own-second-factor';
import { passwordMark, withSecondFactor } from './second-factor-gate';

/** What must be known when the first code of the new authenticator comes. */
interface Waiting {
  userId: UserId;
  methods: readonly AuthenticationMethod[];
  password?: string;
  secret: string;
}

/** Lets a person enrol their first authenticator in the middle of a sign-in, where the tenant asks for one. */
@Injectable()
export class SecondFactorSetUp {
  constructor(
    private readonly own: OwnSecondFactor,
    private readonly users: UserRepository,
    private readonly endAllSessions: EndAllSessions,
  ) {}

  /** Nothing is written before a code was right: the secret waits in the challenge alone. */
  begin(user: User, methods: readonly AuthenticationMethod[]): Challenged {
    const secret = this.own.newSecret();
    const waiting: Waiting = { userId: user.id, methods, password: passwordMark(user), secret };
    return {
      state: 'challenged',
      challenge: 'MFA_SETUP',
      continuation: JSON.stringify(waiting),
      userId: user.id,
      details: { secret, account: user.email },
    };
  }

  /**
   * @param except the session in which the person stands already, at a step-up
   * @throws WrongCode, TooManyAttempts, ChallengeEnded also when the person got an authenticator meanwhile
   */
  async answer(continuation: string, { code = '' }: ChallengeAnswer, except?: string): Promise<Proven> {
    const { userId, methods, password, secret } = JSON.parse(continuation) as Waiting;
    const before = await this.users.find(userId);
    // Whoever proved a password that was changed meanwhile has proven nothing.
    if (!before || passwordMark(before) !== password) throw new ChallengeEnded();
    const recoveryCodes = await this.own.enrol(before, secret, code);
    await this.endAllSessions.execute({
      userId,
      except,
      reason: 'second_factor_changed',
      shownOnce: true,
      because: 'totp.enrolled',
    });
    const user = await this.users.find(userId);
    if (!user) throw new ChallengeEnded();
    return { state: 'proven', user, methods: withSecondFactor(methods), recoveryCodes };
  }
}
