/** The secrets of one authorization request (OpenID Connect Core 3.1.2.1, RFC 7636). */
export interface AuthorizationSecrets {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** Whom the provider vouches for. */
export interface VouchedPerson {
  issuer: string;
  subject: string;
  email?: string;
  /** Whether the provider itself checked that the e-mail is the person's. */
  emailVerified: boolean;
  name?: string;
}

/** Google, or who plays its part: an OpenID provider, by code flow with PKCE, state and nonce. */
export abstract class OpenIdProvider {
  /** @throws GoogleNotConfigured */
  abstract requireConfigured(): void;

  /** Where the browser goes to sign in. @throws IdentityProviderUnavailable */
  abstract authorizationUrl(secrets: AuthorizationSecrets): Promise<string>;

  /**
   * Redeems the query that the browser brought back, and checks all that it leads to.
   * @throws GoogleSignInRefused, IdentityProviderUnavailable
   */
  abstract redeem(answer: URLSearchParams, secrets: AuthorizationSecrets): Promise<VouchedPerson>;
}
