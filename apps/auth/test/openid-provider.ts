import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import type { Configuration, interactionPolicy as policies, Provider as OidcProvider } from 'oidc-provider';

/** A person as Google would know them. */
export interface GooglePerson {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
}

export const CLIENT = { id: 'moneyflow', secret: 'a secret between us and the provider' };
export const REDIRECT_URI = 'http://localhost:3000/api/v1/auth/google/callback';

/** A real OpenID provider (oidc-provider) in Google's place, on the loopback, where signing in takes no form. */
export class OpenIdProviderUnderTest {
  /** Who is in front of the browser; nobody: the person says no. */
  person?: GooglePerson;
  private readonly people = new Map<string, GooglePerson>();

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<OpenIdProviderUnderTest> {
    const { Provider, interactionPolicy } = await import('oidc-provider');
    // it tells everybody that it is not set up for production
    for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockReturnValue();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const under = new OpenIdProviderUnderTest(issuer, server);
    const policy = interactionPolicy.base();
    policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
    const provider = new Provider(issuer, under.configuration(policy));
    const handle = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/interaction/')) void under.interact(provider, request, response);
      else void handle(request, response);
    });
    return under;
  }

  /** What a browser does from the authorization URL on: until it is sent to the redirect URI. @returns that address */
  async visit(url: string): Promise<URL> {
    const cookies = new Map<string, string>();
    let at = url;
    for (let hops = 0; hops < 12; hops++) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = answer.headers.get('location');
      if (!location) throw new Error(`${at} → ${answer.status} ${await answer.text()}`);
      const next = new URL(location, at);
      if (next.href.startsWith(REDIRECT_URI)) return next;
      at = next.href;
    }
    throw new Error('the provider redirects without end');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private configuration(policy: policies.Prompt[]): Configuration {
    return {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [REDIRECT_URI],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      // as Google does: the ID token itself has them
      conformIdTokenClaims: false,
      interactions: { policy, url: (_context, { uid }) => `/interaction/${uid}` },
      features: { devInteractions: { enabled: false } },
      pkce: { required: () => true },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => ({ ...this.people.get(sub), sub }),
      }),
      loadExistingGrant: async (context) => {
        const { Grant } = context.oidc.provider;
        const grant = new Grant({
          clientId: CLIENT.id,
          accountId: context.oidc.session?.accountId,
        });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    };
  }

  private async interact(
    provider: OidcProvider,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { person } = this;
    if (!person) {
      await provider.interactionFinished(request, response, { error: 'access_denied' });
      return;
    }
    this.people.set(person.sub, person);
    await provider.interactionFinished(request, response, {
      login: { accountId: person.sub },
      select_account: {},
    });
  }
}
