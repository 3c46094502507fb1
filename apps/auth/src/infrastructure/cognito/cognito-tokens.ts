import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { CognitoSettings, cognitoIssuer } from '@libs/aws';
import { logger } from '@libs/logging';
import { IdentityProviderUnavailable } from '../../domain/auth.errors';

/** Whom Cognito's tokens name. */
export interface CognitoPerson {
  issuer: string;
  subject: string;
  /** Absent unless Cognito has seen that the person gets mail there. */
  verifiedEmail?: string;
}

const log = logger('cognito');
const FETCH_TIMEOUT_MS = 5_000;

/**
 * Checks what Cognito returns, although it came over TLS from Cognito: a wrong endpoint, a pool that is not ours or an
 * app client of somebody else's must not sign anybody in.
 */
export class CognitoTokens {
  private readonly verifier;

  constructor(private readonly settings: CognitoSettings) {
    const issuer = cognitoIssuer(settings);
    this.verifier = JwtVerifier.create(
      // An ID token names our client in `aud`, an access token in `client_id`; `token_use` tells them apart.
      { issuer, audience: null, jwksUri: `${issuer}/.well-known/jwks.json` },
      // The library's own speaks HTTPS only, and an emulator is plain HTTP.
      { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetched } }) },
    );
  }

  /** @throws IdentityProviderUnavailable when they are not what they should be: there is nothing a person can do */
  async personOf(tokens: { IdToken?: string; AccessToken?: string }): Promise<CognitoPerson> {
    try {
      const identity = await this.claims(tokens.IdToken, 'id');
      const access = await this.claims(tokens.AccessToken, 'access');
      if (typeof identity.sub !== 'string' || !identity.sub || identity.sub !== access.sub)
        throw new Error('the tokens are not of one person');
      const { email, email_verified: verified } = identity;
      const verifiedEmail =
        typeof email === 'string' && (verified === true || verified === 'true') ? email : undefined;
      return { issuer: cognitoIssuer(this.settings), subject: identity.sub, verifiedEmail };
    } catch (error) {
      // An endpoint, a pool or a client that is not what we think: nothing that goes away by itself.
      log.error({ reason: (error as Error).message }, 'what Cognito returned does not verify');
      throw new IdentityProviderUnavailable(error);
    }
  }

  private async claims(token: string | undefined, use: 'id' | 'access') {
    if (!token) throw new Error(`no ${use} token`);
    const claims = await this.verifier.verify(token, {
      customJwtCheck: ({ header }) => {
        if (header.alg !== 'RS256') throw new Error('Cognito signs with RS256');
      },
    });
    const client = use === 'id' ? claims.aud : claims.client_id;
    if (claims.token_use !== use) throw new Error(`this is no ${use} token`);
    if (client !== this.settings.clientId) throw new Error('the token was given to another client');
    // The library takes a token without one for a token that never ends.
    if (typeof claims.exp !== 'number') throw new Error('the token has no end');
    return claims;
  }
}

async function fetched(uri: string): Promise<ArrayBuffer> {
  const answer = await fetch(uri, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${uri} answers ${answer.status}`);
  return answer.arrayBuffer();
}
