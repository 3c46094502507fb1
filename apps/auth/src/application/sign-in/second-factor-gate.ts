import { Injectable } from '@nestjs/common';
import { Clock, UserId } from '@libs/kernel';
import { ChallengeEnded, WrongCode } from '../../domain/auth.errors';
import { NoAuthenticator } from '../../domain/second-factor.errors';
import { SecondFactorRepository } from '../../domain/second-factor.repository';
import { AuthenticationMethod } from '../../domain/session';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { GuessLimits } from './guess-limits';
import { ChallengeAnswer, Proven, SignInStep } from './identity-provider';
import { OneTimeCodes } from './one-time-codes';

/** What this gate must know between its question and the answer. */
interface Waiting {
  userId: UserId;
  methods: readonly AuthenticationMethod[];
  /** Tells the password that was proven from a later one. */
  password?: string;
}

/**
 * Our own second factor, for whoever was proven by a first one: by a password of ours, or by another provider's word.
 */
@Injectable()
export class SecondFactorGate {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly users: UserRepository,
    private readonly codes: OneTimeCodes,
    private readonly limits: GuessLimits,
    private readonly clock: Clock,
  ) {}

  /** Asks who has an authenticator for a code of it, and lets the others through. */
  async require(user: User, methods: readonly AuthenticationMethod[]): Promise<SignInStep> {
    if (!(await this.factors.find(user.id))) return { state: 'proven', user, methods };
    const userId = user.id;
    const password = passwordMark(user);
    const continuation = JSON.stringify({ userId, methods, password } satisfies Waiting);
    return { state: 'challenged', challenge: 'SOFTWARE_TOKEN_MFA', continuation, userId };
  }

  /** @throws WrongCode, ChallengeEnded, TooManyAttempts */
  async answer(continuation: string, { code }: ChallengeAnswer): Promise<Proven> {
    const { userId, methods, password } = JSON.parse(continuation) as Waiting;
    const user = await this.users.find(userId);
    // Whoever proved a password that was changed meanwhile has proven nothing.
    if (!user || passwordMark(user) !== password) throw new ChallengeEnded();
    if (!(await this.factors.find(userId))) throw new ChallengeEnded();
    const recoveryCode = await this.spend(userId, code ?? '');
    return { state: 'proven', user, methods: withSecondFactor(methods), recoveryCode };
  }

  /**
   * Takes a code of the person's authenticator, or a recovery code; each is good once.
   * @returns whether it was a recovery code
   * @throws WrongCode, NoAuthenticator, TooManyAttempts
   */
  async spend(userId: UserId, code: string): Promise<boolean> {
    await this.limits.countSecondFactor(userId);
    const authenticator = await this.factors.find(userId);
    if (!authenticator) throw new NoAuthenticator();
    const now = this.clock.now();
    const hash = this.codes.recoveryHash(code);
    if (hash) {
      if (await this.factors.spendRecoveryCode(userId, hash, now)) return true;
      throw new WrongCode();
    }
    const step = this.codes.stepOf(authenticator.secret, code, now);
    if (step === undefined || !(await this.factors.spendStep(userId, step))) throw new WrongCode();
    return false;
  }
}

/** The methods of a person who gave a second factor beside these. */
export function withSecondFactor(methods: readonly AuthenticationMethod[]): AuthenticationMethod[] {
  return [...new Set<AuthenticationMethod>([...methods, 'otp', 'mfa'])];
}

/** The last characters of a password's hash: enough to notice another one, too little to try passwords against. */
export function passwordMark({ passwordHash }: User): string | undefined {
  return passwordHash?.slice(-8);
}
