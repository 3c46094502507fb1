import { ActingSession } from '../../application/sign-in/identity-provider';
import { NoTotpEnrolment, WrongCode } from '../../domain/auth.errors';
import { ProviderProofNeeded } from '../../domain/identity.errors';
import { CognitoApi } from './cognito-api';
import { unavailable, verdict, Verdicts } from './cognito-faults';
import { CognitoFactors } from './cognito-factors';
import { CognitoGrants } from './cognito-grants';

const CODE = /^\d{6}$/;
const PROOF_NEEDED: Verdicts = { refused: () => new ProviderProofNeeded() };

/** Authenticator apps that Cognito keeps and asks for. */
export class CognitoAuthenticators {
  constructor(
    private readonly api: CognitoApi,
    private readonly grants: CognitoGrants,
    private readonly factors: CognitoFactors,
  ) {}

  /** @returns the Base32 secret */
  async begin(session: ActingSession): Promise<string> {
    const { SecretCode } = await this.acting(
      session,
      (AccessToken) => this.api.associateAuthenticator({ AccessToken }),
      PROOF_NEEDED,
    );
    if (!SecretCode) throw unavailable(new Error('no secret was given'));
    return SecretCode;
  }

  /** @throws WrongCode, NoTotpEnrolment, ProviderProofNeeded */
  async verify(session: ActingSession, code: string): Promise<void> {
    if (!CODE.test(code)) throw new WrongCode();
    const verify = async (AccessToken: string): Promise<void> => {
      const { Status } = await this.api.verifyAuthenticator({ AccessToken }, code);
      if (Status !== 'SUCCESS') throw new WrongCode();
      // Verified is not yet asked for.
      await this.api.preferAuthenticator(AccessToken, true);
    };
    await this.acting(session, verify, {
      ...PROOF_NEEDED,
      wrong_code: () => new WrongCode(),
      stale_code: () => new WrongCode(),
      no_authenticator: () => new NoTotpEnrolment(),
      malformed: () => new NoTotpEnrolment(),
    });
    this.factors.forget(session.userId);
  }

  async remove(session: ActingSession): Promise<void> {
    await this.acting(session, (token) => this.api.preferAuthenticator(token, false), PROOF_NEEDED);
    this.factors.forget(session.userId);
  }

  private async acting<T>(
    session: ActingSession,
    call: (accessToken: string) => Promise<T>,
    verdicts: Verdicts,
  ): Promise<T> {
    try {
      return await this.grants.acting(session, call);
    } catch (error) {
      throw verdict(error, verdicts);
    }
  }
}
