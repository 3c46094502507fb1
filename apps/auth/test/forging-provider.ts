import { KeyObject, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { Server, createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { CLIENT } from './openid-provider';

type Json = Record<string, unknown>;

/** What the token endpoint answers. */
export interface Forged {
  status?: number;
  body: string | Json;
}

/** An OpenID provider that says whatever a test wants: for what a real one would never say. */
export class ForgingProvider {
  /** Makes the answer of the token endpoint, of the claims that an honest one would sign. */
  forge: (claims: Json, provider: ForgingProvider) => Forged = (claims) => this.honest(claims);
  /** Changes what discovery tells. */
  metadata: Json = {};
  /** Bodies of the token requests that came. */
  readonly asked: URLSearchParams[] = [];
  nonce = '';
  readonly publicKey: KeyObject;
  private readonly privateKey: KeyObject;

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {
    ({ publicKey: this.publicKey, privateKey: this.privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
    }));
  }

  static async start(): Promise<ForgingProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new ForgingProvider(issuer, server);
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { status = 200, body } = provider.answer(request.url ?? '', text);
        const content = typeof body === 'string' ? body : JSON.stringify(body);
        response.writeHead(status, { 'content-type': 'application/json' }).end(content);
      });
    });
    return provider;
  }

  honest(claims: Json): Forged {
    return this.withIdToken(this.signed(claims));
  }

  withIdToken(idToken: string | undefined): Forged {
    return { body: { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: idToken } };
  }

  signed(claims: Json, header: Json = {}, key: KeyObject = this.privateKey): string {
    const content = `${part({ alg: 'RS256', kid: 'k1', ...header })}.${part(claims)}`;
    return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
  }

  unsigned(claims: Json, alg: string): string {
    return `${part({ alg })}.${part(claims)}.`;
  }

  hmacSigned(claims: Json, secret: string | Buffer): string {
    const content = `${part({ alg: 'HS256', kid: 'k1' })}.${part(claims)}`;
    return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(path: string, text: string): Forged {
    if (path === '/.well-known/openid-configuration') return { body: this.configuration() };
    if (path === '/jwks') return { body: { keys: [this.jwk()] } };
    this.asked.push(new URLSearchParams(text));
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer,
      aud: CLIENT.id,
      sub: 'somebody',
      nonce: this.nonce,
      iat: now,
      exp: now + 300,
      email: 'somebody@gmail.example',
      email_verified: true,
    };
    return this.forge(claims, this);
  }

  private configuration(): Json {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      ...this.metadata,
    };
  }

  private jwk(): Json {
    return { ...this.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
  }
}

function part(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
