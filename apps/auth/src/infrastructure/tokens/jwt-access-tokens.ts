import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { newId } from '@libs/kernel';
import { AccessTokens, TokenSubject } from '../../application/sessions/access-tokens';
import { ACCESS_TOKEN_SECONDS } from '../../domain/session';
import { SigningKeys } from '../keys/signing-keys';

export interface AccessTokenSettings {
  issuer: string;
  audience: string;
}

/** RS256 access tokens of RFC 9068, with the claims of the HTTP contract. */
@Injectable()
export class JwtAccessTokens extends AccessTokens {
  private readonly jwt = new JwtService();

  constructor(
    private readonly keys: SigningKeys,
    private readonly settings: AccessTokenSettings,
  ) {
    super();
  }

  issue(subject: TokenSubject, now: Date): Promise<string> {
    const iat = Math.floor(now.getTime() / 1000);
    const { kid, privateKey } = this.keys.current();
    const claims = {
      iss: this.settings.issuer,
      aud: this.settings.audience,
      sub: subject.userId,
      userId: subject.userId,
      email: subject.email,
      tenant_id: subject.tenantId,
      role: subject.role,
      scope: subject.scopes.join(' '),
      type: 'access',
      jti: newId(),
      sid: subject.sessionId,
      auth_time: Math.floor(subject.authenticatedAt.getTime() / 1000),
      amr: subject.methods,
      iat,
      exp: iat + ACCESS_TOKEN_SECONDS,
    };
    return this.jwt.signAsync(claims, {
      algorithm: 'RS256',
      keyid: kid,
      header: { alg: 'RS256', typ: 'at+jwt' },
      privateKey,
    });
  }
}
