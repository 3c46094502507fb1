import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import { TenantId, UserId } from '@libs/kernel';

export const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What a route may ask for. */
export const SCOPES = ['releases:read', 'releases:write'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks, as a verified access token says. */
export interface Principal {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly email: string;
  readonly role: Role;
  readonly scopes: readonly string[];
  /** `sid`: ends with logout. */
  readonly sessionId: string;
  /** `jti`: this one token. */
  readonly tokenId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** A request that the access guard let through. */
export interface AuthenticatedRequest {
  headers: Record<string, string | string[] | undefined>;
  principal?: Principal;
}

/** The Principal of the request; only on a route with @Authorize. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new Error('@CurrentPrincipal on a route without @Authorize');
  return principal;
});
