import { TenantId, UserId } from '@libs/kernel';
import { Role } from '../domain/role';

/** Whom an access token speaks for. */
export interface TokenSubject {
  userId: UserId;
  email: string;
  tenantId: TenantId;
  role: Role;
  scopes: readonly string[];
  sessionId: string;
}

export abstract class AccessTokens {
  /** A signed access token that lives ACCESS_TOKEN_SECONDS from `now`. */
  abstract issue(subject: TokenSubject, now: Date): Promise<string>;
}

/** What a sign-in or a refresh answers with. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** Seconds the access token lives. */
  expiresIn: number;
}
