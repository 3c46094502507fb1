import { TenantId, UserId } from '@libs/kernel';
import { Role } from '../../domain/role';
import { AuthenticationMethod } from '../../domain/session';

/** Whom an access token speaks for. */
export interface TokenSubject {
  userId: UserId;
  email: string;
  tenantId: TenantId;
  role: Role;
  scopes: readonly string[];
  sessionId: string;
  /** When the person last proved who they are, with every factor they have. */
  authenticatedAt: Date;
  /** How, in the words of RFC 8176. */
  methods: readonly AuthenticationMethod[];
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

/** A pair, or the access token alone where the client keeps the refresh token it has. */
export type GivenTokens = Omit<TokenPair, 'refreshToken'> & Partial<Pick<TokenPair, 'refreshToken'>>;
