import { randomBytes } from 'node:crypto';
import { CognitoFakePool, FakePerson, refused, Refusal } from './cognito-fake-pool';
import { CognitoFakeTokens } from './cognito-fake-tokens';

interface Access {
  person: FakePerson;
  family: string;
  endsAt: number;
}
interface Refresh {
  person: FakePerson;
  family: string;
  endsAt: number;
  rotatedAt?: number;
}

/** Tokens of the pool's people, and which of them are over. */
export class CognitoFakeGrants {
  accessSeconds = 3600;
  refreshSeconds = 30 * 86_400;
  /** Whether a refresh token is good once; the former one for this long more. */
  rotation = true;
  rotationGraceSeconds = 0;
  private readonly access = new Map<string, Access>();
  private readonly refreshes = new Map<string, Refresh>();
  private readonly revoked = new Set<string>();

  constructor(
    private readonly pool: CognitoFakePool,
    private readonly tokens: CognitoFakeTokens,
    private readonly issuer: () => string,
  ) {}

  /** The AuthenticationResult of a finished sign-in, or of a refresh in the same family. */
  give(person: FakePerson, family = randomBytes(16).toString('hex'), withRefresh = true): object {
    const iat = Math.floor(this.pool.now() / 1000);
    const shared = { sub: person.sub, iss: this.issuer(), origin_jti: family, iat, auth_time: iat };
    const exp = iat + this.accessSeconds;
    const AccessToken = this.tokens.issue('access', {
      ...shared,
      exp,
      client_id: this.pool.clientId,
      username: person.sub,
      scope: 'aws.cognito.signin.user.admin',
    });
    const IdToken = this.tokens.issue('id', {
      ...shared,
      exp,
      aud: this.pool.clientId,
      email: person.email,
      email_verified: person.emailVerified,
      'cognito:username': person.sub,
    });
    this.access.set(AccessToken, { person, family, endsAt: exp * 1000 });
    const given = { AccessToken, IdToken, ExpiresIn: this.accessSeconds, TokenType: 'Bearer' };
    return withRefresh ? { ...given, RefreshToken: this.refreshToken(person, family) } : given;
  }

  /** GetTokensFromRefreshToken. */
  exchange(token: unknown): object {
    const found = typeof token === 'string' ? this.refreshes.get(token) : undefined;
    if (!found) throw refused('Invalid Refresh Token');
    if (this.revoked.has(found.family)) throw refused('Refresh Token has been revoked');
    if (found.endsAt <= this.pool.now()) throw refused('Refresh Token has expired');
    if (!found.person.enabled) throw refused('User is disabled.');
    if (!this.rotation) return this.give(found.person, found.family, false);
    const graceEnd = (found.rotatedAt ?? Infinity) + this.rotationGraceSeconds * 1000;
    if (graceEnd <= this.pool.now())
      throw new Refusal('RefreshTokenReuseException', 'Refresh token was reused.');
    found.rotatedAt ??= this.pool.now();
    return this.give(found.person, found.family);
  }

  holder(token: unknown): FakePerson {
    if (typeof token !== 'string' || token.length === 0)
      throw new Refusal('InvalidParameterException', 'Missing required parameter AccessToken');
    const found = this.access.get(token);
    if (!found) throw refused('Invalid Access Token');
    if (this.revoked.has(found.family)) throw refused('Access Token has been revoked');
    if (found.endsAt <= this.pool.now()) throw refused('Access Token has expired');
    if (!found.person.enabled) throw refused('User is disabled.');
    return found.person;
  }

  /** Every token of the person, at once. */
  revokeAll(person: FakePerson): void {
    for (const each of [...this.access.values(), ...this.refreshes.values()])
      if (each.person === person) this.revoked.add(each.family);
  }

  private refreshToken(person: FakePerson, family: string): string {
    const token = randomBytes(128).toString('base64url');
    this.refreshes.set(token, { person, family, endsAt: this.pool.now() + this.refreshSeconds * 1000 });
    return token;
  }
}
