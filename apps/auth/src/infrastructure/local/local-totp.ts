import { Injectable } from '@nestjs/common';
import { Clock, UserId } from '@libs/kernel';
import { CurrentSession } from '../../application/sessions/current-session';
import { GuessLimits } from '../../application/sign-in/guess-limits';
import { ActingSession } from '../../application/sign-in/identity-provider';
import { OneTimeCodes } from '../../application/sign-in/one-time-codes';
import { OwnSecondFactor } from '../../application/sign-in/own-second-factor';
import { ChallengeEnded, NoTotpEnrolment, WrongCode } from '../../domain/auth.errors';
import { SecondFactorRepository } from '../../domain/second-factor.repository';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { accountMails } from './account-mails';
import { BackgroundMail } from './background-mail';

const RECOVERY_CODES = 10;
/** An enrolment that takes longer is begun anew. */
const ENROLMENT_MS = 15 * 60_000;

/** Enrolling and removing authenticator apps and their recovery codes. */
@Injectable()
export class LocalTotp extends OwnSecondFactor {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly users: UserRepository,
    private readonly currentSession: CurrentSession,
    private readonly codes: OneTimeCodes,
    private readonly limits: GuessLimits,
    private readonly mail: BackgroundMail,
    private readonly clock: Clock,
  ) {
    super();
  }

  async isEnrolled(userId: UserId): Promise<boolean> {
    return (await this.factors.find(userId)) !== undefined;
  }

  newSecret(): string {
    return this.codes.newSecret();
  }

  async enrol(
    { id: userId, credentialsChangedAt }: Pick<User, 'id' | 'credentialsChangedAt'>,
    secret: string,
    code: string,
  ): Promise<string[]> {
    await this.limits.countSecondFactor(userId);
    const now = this.clock.now();
    const step = this.stepOf(secret, code, now);
    const { recovery, codeHashes } = this.newRecoveryCodes();
    if (
      !(await this.factors.enrolFirst({
        userId,
        secret,
        step,
        codeHashes,
        credentialsAsOf: credentialsChangedAt,
        now,
      }))
    )
      throw new ChallengeEnded();
    await this.tell(userId, true);
    return recovery;
  }

  /** @returns the Base32 secret; a former authenticator stays good until this one is verified */
  async begin(userId: UserId): Promise<string> {
    const secret = this.codes.newSecret();
    await this.factors.begin(userId, secret, this.clock.now());
    return secret;
  }

  /** @returns recovery codes, each good once @throws WrongCode, NoTotpEnrolment, TooManyAttempts, ChallengeEnded */
  async verify(session: ActingSession, code: string): Promise<string[]> {
    const { userId } = session;
    // First these, then whether the session knows them: one that was outdated in between is told, too.
    const credentialsAsOf = (await this.users.find(userId))?.credentialsChangedAt;
    await this.currentSession.require(session);
    await this.limits.countSecondFactor(userId);
    const now = this.clock.now();
    const secret = await this.factors.pending(userId, new Date(now.getTime() - ENROLMENT_MS));
    if (!secret) throw new NoTotpEnrolment();
    const step = this.stepOf(secret, code, now);
    const { recovery, codeHashes } = this.newRecoveryCodes();
    if (!(await this.factors.confirm({ userId, secret, step, codeHashes, credentialsAsOf, now })))
      throw new NoTotpEnrolment();
    await this.tell(userId, true);
    return recovery;
  }

  /** @throws NoTotpEnrolment */
  async renewRecoveryCodes(userId: UserId): Promise<string[]> {
    const { recovery, codeHashes } = this.newRecoveryCodes();
    if (!(await this.factors.replaceRecoveryCodes(userId, codeHashes, this.clock.now())))
      throw new NoTotpEnrolment();
    return recovery;
  }

  async remove(userId: UserId): Promise<void> {
    if (await this.factors.remove(userId, this.clock.now())) await this.tell(userId, false);
  }

  private stepOf(secret: string, code: string, now: Date): number {
    const step = this.codes.stepOf(secret, code, now);
    if (step === undefined) throw new WrongCode();
    return step;
  }

  private newRecoveryCodes(): { recovery: string[]; codeHashes: Buffer[] } {
    const made = this.codes.newRecoveryCodes(RECOVERY_CODES);
    return { recovery: made.map(({ code }) => code), codeHashes: made.map(({ hash }) => hash) };
  }

  private async tell(userId: UserId, enabled: boolean): Promise<void> {
    const user = await this.users.find(userId);
    if (user) this.mail.post(accountMails.secondFactorChanged(user.email, enabled));
  }
}
