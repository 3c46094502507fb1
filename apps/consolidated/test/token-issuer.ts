import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { newId, TenantId } from '@libs/kernel';

/** Stands in for auth: one key, its JWKS over HTTP, and access tokens as auth makes them. */
export class TokenIssuer {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly server: Server;

  constructor() {
    const jwk = { ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
    this.server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.server.close();
  }

  tokenOf(tenantId: TenantId, scope = 'releases:read'): string {
    const now = Math.floor(Date.now() / 1000);
    const userId = newId();
    const claims = {
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
      iat: now,
      exp: now + 900,
    };
    const text = [{ alg: 'RS256', typ: 'at+jwt', kid: 'k1' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${sign('sha256', Buffer.from(text), this.keys.privateKey).toString('base64url')}`;
  }
}
