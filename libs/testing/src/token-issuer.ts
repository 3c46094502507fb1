import { KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { Server, createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { TenantId, UserId, newId } from '@libs/kernel';

/** Who a test calls as. */
export interface Caller {
  tenantId: TenantId;
  userId: UserId;
  scope?: string;
  /** How long ago they proved who they are; just now by default. */
  provenSecondsAgo?: number;
  /** Until `exp`; less than none for a token that has expired. */
  secondsLeft?: number;
}

/** Stands in for auth: a key pair, its JWKS over HTTP, and access tokens as auth would sign them. */
export class TokenIssuer {
  private constructor(
    private readonly server: Server,
    private readonly privateKey: KeyObject,
  ) {}

  static async start(): Promise<TokenIssuer> {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' };
    const server = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TokenIssuer(server, privateKey);
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  tokenFor(caller: Caller): string {
    const {
      tenantId,
      userId,
      scope = 'releases:read releases:write',
      provenSecondsAgo = 0,
      secondsLeft = 900,
    } = caller;
    const exp = Math.floor(Date.now() / 1000) + secondsLeft;
    const iat = exp - Math.max(secondsLeft, 900);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = part({ alg: 'RS256', typ: 'at+jwt', kid: 'test' });
    const claims = part({
      iss: 'moneyflow-api',
      aud: 'moneyflow-client',
      sub: userId,
      userId,
      email: 'dona@padaria.example',
      tenant_id: tenantId,
      role: 'owner',
      scope,
      type: 'access',
      jti: newId(),
      sid: newId(),
      auth_time: Math.floor(Date.now() / 1000) - provenSecondsAgo,
      amr: ['pwd'],
      iat,
      exp,
    });
    const signature = sign('sha256', Buffer.from(`${header}.${claims}`), this.privateKey).toString(
      'base64url',
    );
    return `${header}.${claims}.${signature}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
