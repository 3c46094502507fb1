import { generateKeyPairSync, KeyObject, randomUUID, sign } from 'node:crypto';

export type Claims = Record<string, unknown>;
/** How a test makes a token that is wrong in one way: it gets what would be right. */
export type Forgery = (token: {
  use: 'id' | 'access';
  header: Claims;
  claims: Claims;
  sign: (header: Claims, claims: Claims, key?: KeyObject) => string;
}) => string;

/** The pool's key: its JWKS, and tokens as Cognito signs them. */
export class CognitoFakeTokens {
  private readonly pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly kid = randomUUID();
  forgery?: Forgery;

  jwks(): object {
    const jwk = this.pair.publicKey.export({ format: 'jwk' });
    return { keys: [{ ...jwk, kid: this.kid, alg: 'RS256', use: 'sig' }] };
  }

  issue(use: 'id' | 'access', claims: Claims): string {
    const header = { kid: this.kid, alg: 'RS256' };
    const whole = { ...claims, token_use: use, jti: randomUUID() };
    const signed = (head: Claims, body: Claims, key = this.pair.privateKey) => {
      const text = [head, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
      return `${text.join('.')}.${sign('sha256', Buffer.from(text.join('.')), key).toString('base64url')}`;
    };
    return this.forgery?.({ use, header, claims: whole, sign: signed }) ?? signed(header, whole);
  }
}
