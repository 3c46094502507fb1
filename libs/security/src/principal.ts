import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import { TenantId, UserId } from '@libs/kernel';
import { HostedRequest } from './directory/request-host';

export const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

interface Caller {
  readonly tenantId: TenantId;
  /** Who acts: a person's id, or the id of the API key itself. */
  readonly userId: UserId;
  readonly scopes: readonly string[];
}

/** A person, as a verified access token says. */
export interface Person extends Caller {
  readonly kind: 'person';
  readonly email: string;
  readonly role: Role;
  /** `sid`: ends with logout. */
  readonly sessionId: string;
  /** `jti`: this one token. */
  readonly tokenId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** `auth_time`, Unix seconds: when the person last proved who they are, with every factor they have. */
  readonly authenticatedAt: number;
  /** `amr` (RFC 8176): `pwd`, `otp`, `sms`, `fed`, `mfa`. */
  readonly methods: readonly string[];
}

/** A program of a tenant's, as its API key says. */
export interface ApiKeyHolder extends Caller {
  readonly kind: 'key';
  readonly keyId: string;
  /** The application whose key it is. */
  readonly appId: string;
  /** Requests in any 60 s that the key's plan grants to event ingestion; absent for the default. */
  readonly requestsPerMinute?: number;
  /** Unix seconds; absent for a key without an end. */
  readonly expiresAt?: number;
}

/** Who asks. */
export type Principal = Person | ApiKeyHolder;

/** A request that the access guard let through. */
export interface AuthenticatedRequest extends HostedRequest {
  principal?: Principal;
  readonly query?: unknown;
}

/** The Principal of the request; only on a route with @Authorize. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context),
);

/** The person who asks; only on a route that API keys may not use. */
export const CurrentPerson = createParamDecorator((_: unknown, context: ExecutionContext): Person => {
  const principal = principalOf(context);
  if (principal.kind !== 'person') throw new Error('@CurrentPerson on a route that admits API keys');
  return principal;
});

function principalOf(context: ExecutionContext): Principal {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new Error('the route has no @Authorize, so nobody was authenticated');
  return principal;
}
