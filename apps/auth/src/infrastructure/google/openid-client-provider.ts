import { logger } from '@libs/logging';
import * as oidc from 'openid-client';
import {
  AuthorizationSecrets,
  OpenIdProvider,
  VouchedPerson,
} from '../../application/google/openid-provider';
import { IdentityProviderUnavailable } from '../../domain/auth.errors';
import { GoogleNotConfigured, GoogleSignInRefused } from '../../domain/google.errors';
import { GoogleSettings } from './google.settings';

const TIMEOUT_SECONDS = 5;
const MAX_SUBJECT = 255;
/** What a healthy provider never says: then it is not the person's fault. */
const PROVIDERS_OWN = new Set([
  'server_error',
  'temporarily_unavailable',
  'invalid_client',
  'unauthorized_client',
]);
const BROKEN_ANSWERS = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]);

const log = logger('google');

/** By openid-client, the certified library; the provider's metadata are fetched when they are first needed. */
export class OpenIdClientProvider extends OpenIdProvider {
  private discovered?: Promise<oidc.Configuration>;

  constructor(private readonly settings: GoogleSettings | undefined) {
    super();
  }

  requireConfigured(): void {
    this.required();
  }

  async authorizationUrl({ state, nonce, codeVerifier }: AuthorizationSecrets): Promise<string> {
    const settings = this.required();
    const configuration = await this.configuration(settings);
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: settings.redirectUri,
      response_type: 'code',
      scope: 'openid email profile',
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      // without it whoever is signed in to Google is signed in here by following a link
      prompt: 'select_account',
    });
    return url.href;
  }

  async redeem(
    answer: URLSearchParams,
    { state, nonce, codeVerifier }: AuthorizationSecrets,
  ): Promise<VouchedPerson> {
    const settings = this.required();
    const configuration = await this.configuration(settings);
    // our own address, never what a Host header says
    const url = new URL(settings.redirectUri);
    url.search = answer.toString();
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      return personOf(tokens.claims());
    } catch (error) {
      throw refusalOf(error);
    }
  }

  private required(): GoogleSettings {
    if (!this.settings) throw new GoogleNotConfigured();
    return this.settings;
  }

  private configuration(settings: GoogleSettings): Promise<oidc.Configuration> {
    // a failed look is forgotten: the next person looks again
    this.discovered ??= discover(settings).catch((error: unknown) => {
      this.discovered = undefined;
      throw new IdentityProviderUnavailable(error);
    });
    return this.discovered;
  }
}

function discover({ issuer, clientId, clientSecret }: GoogleSettings): Promise<oidc.Configuration> {
  const server = new URL(issuer);
  return oidc.discovery(
    server,
    clientId,
    // one algorithm, whatever the provider's metadata offer
    { id_token_signed_response_alg: 'RS256' },
    oidc.ClientSecretPost(clientSecret),
    {
      timeout: TIMEOUT_SECONDS,
      // TLS would do for a token that comes straight from the provider; the signature costs nothing and holds alone
      execute: [
        oidc.enableNonRepudiationChecks,
        ...(server.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
      ],
    },
  );
}

function personOf(claims: oidc.IDToken | undefined): VouchedPerson {
  if (!claims) throw new GoogleSignInRefused('google_sign_in_refused');
  const { iss, sub, email, email_verified: verified, name } = claims;
  // Core section 2: at most 255 ASCII characters. Nobody is the person without a name.
  if (sub.length === 0 || sub.length > MAX_SUBJECT) throw new GoogleSignInRefused('google_sign_in_refused');
  return {
    issuer: iss,
    subject: sub,
    email: typeof email === 'string' ? email : undefined,
    emailVerified: verified === true,
    name: typeof name === 'string' ? name : undefined,
  };
}

/** What is logged names the rule that was broken, never what the provider said: that has tokens in it. */
function refusalOf(error: unknown): Error {
  if (error instanceof GoogleSignInRefused) return error;
  const { error: said, code } = error as { error?: unknown; code?: unknown };
  if (error instanceof oidc.AuthorizationResponseError && said === 'access_denied')
    return new GoogleSignInRefused('access_denied', error);
  const ours = (typeof said === 'string' && PROVIDERS_OWN.has(said)) || BROKEN_ANSWERS.has(String(code));
  // fetch reports a connection that failed as a TypeError
  if (ours || (error instanceof Error && error.name === 'TypeError')) {
    log.error({ reason: String(said ?? code) }, 'the OpenID provider does not answer as it should');
    return new IdentityProviderUnavailable(error);
  }
  log.warn({ reason: String(said ?? code) }, 'a sign-in with Google was refused');
  return new GoogleSignInRefused('google_sign_in_refused', error);
}
