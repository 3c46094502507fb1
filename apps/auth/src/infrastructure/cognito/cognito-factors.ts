import { Clock, UserId } from '@libs/kernel';
import { ActingSession, SecondFactor } from '../../application/sign-in/identity-provider';
import { ProviderProofNeeded } from '../../domain/identity.errors';
import { CognitoApi } from './cognito-api';
import { faultOf, verdict } from './cognito-faults';
import { CognitoGrants } from './cognito-grants';

const NAMES: Readonly<Record<string, SecondFactor>> = { SOFTWARE_TOKEN_MFA: 'totp', SMS_MFA: 'sms' };
const FRESH_MS = 60_000;
const MOST_PEOPLE = 10_000;

/**
 * Which second factors a person has there. Every page of a frontend asks, and a pool's quota for reads is shared by
 * all: an answer serves for a minute, and longer while Cognito is away. It is for show; nothing is decided by it.
 */
export class CognitoFactors {
  private readonly known = new Map<UserId, { factors: readonly SecondFactor[]; at: number }>();

  constructor(
    private readonly api: CognitoApi,
    private readonly grants: CognitoGrants,
    private readonly clock: Clock,
  ) {}

  /** None where the session holds nothing to ask with: Cognito tells the person alone. */
  async of(userId: UserId, session?: ActingSession): Promise<readonly SecondFactor[]> {
    const known = this.known.get(userId);
    const now = this.clock.now().getTime();
    if (known && known.at + FRESH_MS > now) return known.factors;
    if (!session) return known?.factors ?? [];
    try {
      const { UserMFASettingList: names = [] } = await this.grants.acting(session, (token) =>
        this.api.user(token),
      );
      return this.learn(
        userId,
        names.flatMap((name) => NAMES[name] ?? []),
        now,
      );
    } catch (error) {
      if (known) return known.factors;
      if (error instanceof ProviderProofNeeded || faultOf(error) === 'refused') return [];
      throw verdict(error, {});
    }
  }

  forget(userId: UserId): void {
    this.known.delete(userId);
  }

  private learn(userId: UserId, factors: readonly SecondFactor[], at: number): readonly SecondFactor[] {
    const oldest = this.known.keys().next();
    if (this.known.size >= MOST_PEOPLE && !oldest.done) this.known.delete(oldest.value);
    this.known.delete(userId);
    this.known.set(userId, { factors, at });
    return factors;
  }
}
