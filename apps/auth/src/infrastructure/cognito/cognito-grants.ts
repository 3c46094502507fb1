import { Clock } from '@libs/kernel';
import { ActingSession } from '../../application/sign-in/identity-provider';
import { SessionGrants } from '../../application/sessions/session-grants';
import { ProviderProofNeeded } from '../../domain/identity.errors';
import { AuthAnswer, CognitoApi } from './cognito-api';
import { faultOf } from './cognito-faults';

/** Cognito's tokens of one of our sessions; they never leave auth. */
interface Grant {
  accessToken: string;
  refreshToken: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** A token this near its end may be over when Cognito reads it. */
const MARGIN_MS = 30_000;
/** A pool gives access tokens 5 min at least; an emulator does not say. */
const SHORTEST_SECONDS = 300;

/** Lets a session act at Cognito, with tokens that are refreshed when they must be. */
export class CognitoGrants {
  constructor(
    private readonly kept: SessionGrants,
    private readonly api: CognitoApi,
    private readonly clock: Clock,
  ) {}

  /** What a sign-in gave, in the form that is kept sealed. */
  grantOf(given: NonNullable<AuthAnswer['AuthenticationResult']>): string {
    return JSON.stringify(this.merged(given));
  }

  /**
   * Calls Cognito for the session.
   * @throws ProviderProofNeeded when its tokens are over there, or none are kept; else what `call` throws
   */
  async acting<T>(session: ActingSession, call: (accessToken: string) => Promise<T>): Promise<T> {
    try {
      return await call(await this.accessToken(session));
    } catch (error) {
      if (!isOver(error)) throw error;
      await this.kept.forget(session);
      throw new ProviderProofNeeded();
    }
  }

  async forget(session: ActingSession): Promise<void> {
    await this.kept.forget(session);
  }

  private async accessToken(session: ActingSession): Promise<string> {
    const kept = await this.kept.find(session);
    const grant = kept !== undefined && this.isFresh(kept) ? kept : await this.renewed(session);
    if (grant === undefined) throw new ProviderProofNeeded();
    return read(grant).accessToken;
  }

  private renewed(session: ActingSession): Promise<string | undefined> {
    return this.kept.renew(session, async (kept) => {
      // Whoever held the lock before may have renewed it.
      if (this.isFresh(kept)) return kept;
      const { AuthenticationResult: given } = await this.api.refresh(read(kept).refreshToken);
      return given ? JSON.stringify(this.merged(given, read(kept))) : kept;
    });
  }

  private merged(given: NonNullable<AuthAnswer['AuthenticationResult']>, former?: Grant): Grant {
    const { AccessToken, RefreshToken, ExpiresIn } = given;
    return {
      accessToken: AccessToken ?? '',
      // Without rotation a refresh answers with no new one.
      refreshToken: RefreshToken ?? former?.refreshToken ?? '',
      expiresAt: this.clock.now().getTime() + (ExpiresIn ?? SHORTEST_SECONDS) * 1000,
    };
  }

  private isFresh(kept: string): boolean {
    return read(kept).expiresAt - MARGIN_MS > this.clock.now().getTime();
  }
}

function read(kept: string): Grant {
  return JSON.parse(kept) as Grant;
}

function isOver(error: unknown): boolean {
  return faultOf(error) === 'token_over';
}
