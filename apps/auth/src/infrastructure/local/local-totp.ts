import { Injectable } from '@nestjs/common';
import { Clock, UserId } from '@libs/kernel';
import { GuessLimits } from '../../application/guess-limits';
import { OneTimeCodes } from '../../application/one-time-codes';
import { NoTotpEnrolment, WrongCode } from '../../domain/auth.errors';
import { SecondFactorRepository } from '../../domain/second-factor.repository';
import { UserRepository } from '../../domain/user.repository';
import { accountMails } from './account-mails';
import { BackgroundMail } from './background-mail';

const RECOVERY_CODES = 10;
/** An enrolment that takes longer is begun anew. */
const ENROLMENT_MS = 15 * 60_000;

/** Enrolling and removing authenticator apps and their recovery codes. */
@Injectable()
export class LocalTotp {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly users: UserRepository,
    private readonly codes: OneTimeCodes,
    private readonly limits: GuessLimits,
    private readonly mail: BackgroundMail,
    private readonly clock: Clock,
  ) {}

  async isEnrolled(userId: UserId): Promise<boolean> {
    return (await this.factors.find(userId)) !== undefined;
  }

  /** @returns the Base32 secret; a former authenticator stays good until this one is verified */
  async begin(userId: UserId): Promise<string> {
    const secret = this.codes.newSecret();
    await this.factors.begin(userId, secret, this.clock.now());
    return secret;
  }

  /** @returns recovery codes, each good once @throws WrongCode, NoTotpEnrolment, TooManyAttempts */
  async verify(userId: UserId, code: string): Promise<string[]> {
    await this.limits.countSecondFactor(userId);
    const now = this.clock.now();
    const secret = await this.factors.pending(userId, new Date(now.getTime() - ENROLMENT_MS));
    if (!secret) throw new NoTotpEnrolment();
    const step = this.codes.stepOf(secret, code, now);
    if (step === undefined) throw new WrongCode();
    const recovery = this.codes.newRecoveryCodes(RECOVERY_CODES);
    const codeHashes = recovery.map(({ hash }) => hash);
    if (!(await this.factors.confirm({ userId, secret, step, codeHashes, now }))) throw new NoTotpEnrolment();
    await this.tell(userId, true);
    return recovery.map((each) => each.code);
  }

  /** @throws NoTotpEnrolment */
  async renewRecoveryCodes(userId: UserId): Promise<string[]> {
    const recovery = this.codes.newRecoveryCodes(RECOVERY_CODES);
    const hashes = recovery.map(({ hash }) => hash);
    if (!(await this.factors.replaceRecoveryCodes(userId, hashes))) throw new NoTotpEnrolment();
    return recovery.map(({ code }) => code);
  }

  async remove(userId: UserId): Promise<void> {
    if (await this.factors.remove(userId)) await this.tell(userId, false);
  }

  private async tell(userId: UserId, enabled: boolean): Promise<void> {
    const user = await this.users.find(userId);
    if (user) this.mail.post(accountMails.secondFactorChanged(user.email, enabled));
  }
}
