import { createHash, randomBytes } from 'node:crypto';
import { Answer, AuthUnderTest } from './auth-under-test';
import { CLIENT, GooglePerson, OpenIdProviderUnderTest, REDIRECT_URI } from './openid-provider';

export const FRONTEND = 'https://app.moneyflow.example';
export const PAGE = `${FRONTEND}/entrar/google`;

/** What the environment says where Google is set up. */
export function googleEnvironment(issuer: string): Record<string, string> {
  return {
    GOOGLE_CLIENT_ID: CLIENT.id,
    GOOGLE_CLIENT_SECRET: CLIENT.secret,
    GOOGLE_ISSUER: issuer,
    GOOGLE_REDIRECT_URI: REDIRECT_URI,
    CORS_ORIGINS: FRONTEND,
  };
}

/** A browser that left for Google. */
export interface Departure {
  status: number;
  body: { code?: string };
  /** Where it was sent. */
  url: string;
  cookie: string;
}

/** A frontend with its own PKCE pair, and the browser it runs in. */
export class GoogleJourney {
  readonly codeVerifier = randomBytes(32).toString('base64url');
  readonly codeChallenge = createHash('sha256').update(this.codeVerifier).digest('base64url');

  constructor(
    private readonly auth: AuthUnderTest,
    private readonly provider: OpenIdProviderUnderTest,
  ) {}

  async depart(query: Record<string, string> = {}): Promise<Departure> {
    const search = new URLSearchParams({ returnTo: PAGE, codeChallenge: this.codeChallenge, ...query });
    const { status, headers, body } = await this.auth.call(`/api/v1/auth/google?${search.toString()}`);
    const [cookie = ''] = String(headers['set-cookie']).split(';');
    return { status, body, url: String(headers['location']), cookie };
  }

  /** The person chooses an account; nobody declines. @returns the address Google sends the browser to */
  async atGoogle({ url }: Departure, person: GooglePerson | undefined): Promise<URL> {
    this.provider.person = person;
    return this.provider.visit(url);
  }

  arrive(at: URL, cookie: string | undefined): Promise<Answer<{ code?: string }>> {
    const headers = cookie === undefined ? undefined : { cookie };
    return this.auth.call(`${at.pathname}${at.search}`, { headers });
  }

  /** All the way. @returns what the frontend's page gets */
  async throughGoogle(person: GooglePerson | undefined, query: Record<string, string> = {}): Promise<URL> {
    const departure = await this.depart(query);
    const arrival = await this.arrive(await this.atGoogle(departure, person), departure.cookie);
    return new URL(String(arrival.headers['location']));
  }

  async codeFor(person: GooglePerson, query: Record<string, string> = {}): Promise<string> {
    const page = await this.throughGoogle(person, query);
    const code = page.searchParams.get('code');
    if (!code) throw new Error(`no code at ${page.href}`);
    return code;
  }

  redeem<T = SignedIn>(code: string, more: Record<string, unknown> = {}): Promise<Answer<T>> {
    const body = { code, codeVerifier: this.codeVerifier, ...more };
    return this.auth.call('/api/v1/auth/google/token', { body });
  }

  /** Somebody signs in from one end to the other. */
  async signIn(person: GooglePerson, more: Record<string, unknown> = {}): Promise<Answer<SignedIn>> {
    return this.redeem(await this.codeFor(person), more);
  }
}

export interface SignedIn {
  tokens: { accessToken: string; refreshToken: string };
  code: string;
  challenge?: string;
  challengeId?: string;
}
