import { CanActivate, ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Clock, DomainError, requestContext } from '@libs/kernel';
import { logger } from '@libs/logging';
import { AccessTokenVerifier } from './access-token-verifier';
import { AccessTokenStrategy } from './access-token.strategy';
import { API_KEY_PREFIX, isWellFormedApiKey } from './api-keys/api-key-text';
import { ApiKeyUsage } from './api-keys/api-key-usage';
import { ApiKeyVerifier } from './api-keys/api-key-verifier';
import { AmbiguousCredentials, InvalidApiKey, NotAWriteKey, RevokedApiKey } from './api-keys/api-key.errors';
import { ACCESS, Access, Grant } from './authorize';
import { bearerTokenOf } from './bearer-token';
import { DenyListSnapshot } from './deny-list-snapshot';
import { TenantGate } from './directory/tenant-gate';
import { isFreshlyProven, STEP_UP_SECONDS } from './fresh-proof';
import { ApiKeyHolder, AuthenticatedRequest, Principal } from './principal';
import { Scope } from './scopes';
import { writeKeyOf } from './write-key';
import {
  AccessNotDeclared,
  InsufficientScope,
  InvalidToken,
  NotAuthenticated,
  PersonRequired,
  RevocationUnknown,
  RevokedToken,
  StepUpRequired,
} from './security.errors';

interface Response {
  header(name: string, value: string): unknown;
}

const log = logger('security');

/** Default deny: a route is open to exactly whom its @Authorize or @Public names. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: AccessTokenVerifier,
    private readonly strategy: AccessTokenStrategy,
    private readonly denyList: DenyListSnapshot,
    private readonly clock: Clock,
    // Only where the application takes API keys at all.
    @Optional() private readonly apiKeys?: ApiKeyVerifier,
    @Optional() private readonly usage?: ApiKeyUsage,
    // Only where the application keeps a directory of tenants: every deployed one.
    @Optional() private readonly tenants?: TenantGate,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    // Messages carry no bearer token; their tenant comes from the envelope of our own producers.
    if (context.getType() !== 'http') return true;
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined) throw new AccessNotDeclared();
    if (access === 'public') return true;
    const http = context.switchToHttp();
    return this.admit(http.getRequest<AuthenticatedRequest>(), http.getResponse<Response>(), access);
  }

  /** Stays synchronous for a token or key seen before: that is nearly every request. */
  private admit(
    request: AuthenticatedRequest,
    response: Response,
    access: Grant,
  ): boolean | Promise<boolean> {
    let found: Principal | Promise<Principal>;
    try {
      found = this.identify(request, response, access);
      if (!(found instanceof Promise)) return this.letThrough(request, found, access);
    } catch (error) {
      return this.refuse(response, error);
    }
    return found.then(
      (principal) => {
        try {
          return this.letThrough(request, principal, access);
        } catch (error) {
          return this.refuse(response, error);
        }
      },
      (error: unknown) => this.refuse(response, error),
    );
  }

  /** By the one credential of the request: an access token or an API key, which may come as Bearer, too. */
  private identify(
    request: AuthenticatedRequest,
    response: Response,
    access: Grant,
  ): Principal | Promise<Principal> {
    const writeKey = access.writeKeys ? writeKeyOf(request) : undefined;
    if (writeKey !== undefined) return this.holderOfWriteKey(writeKey, request, access);
    const key = request.headers['x-api-key'];
    if (key !== undefined) {
      if (request.headers['authorization'] !== undefined) throw new AmbiguousCredentials();
      return this.holderOf(key, access);
    }
    const bearer = bearerTokenOf(request);
    if (bearer === undefined) throw new NotAuthenticated();
    if (bearer.startsWith(API_KEY_PREFIX)) return this.holderOf(bearer, access);
    return this.verifier.recall(bearer) ?? this.strategy.principalOf(request, response);
  }

  private holderOf(key: unknown, access: Grant): ApiKeyHolder | Promise<ApiKeyHolder> {
    if (access.keys && this.apiKeys) return this.apiKeys.verify(key);
    // A key that may not come costs no look-up.
    throw isWellFormedApiKey(key) ? new PersonRequired() : new InvalidApiKey('form');
  }

  /** A key that everybody may read must not be one that opens more. */
  private holderOfWriteKey(
    key: unknown,
    { headers }: AuthenticatedRequest,
    access: Grant,
  ): ApiKeyHolder | Promise<ApiKeyHolder> {
    if (headers['x-api-key'] !== undefined || headers['authorization'] !== undefined)
      throw new AmbiguousCredentials();
    const found = this.holderOf(key, access);
    return found instanceof Promise
      ? found.then((holder) => onlyWriting(holder, access))
      : onlyWriting(found, access);
  }

  private letThrough(request: AuthenticatedRequest, principal: Principal, access: Grant): boolean {
    this.tenants?.admit(principal.tenantId, request);
    if (this.denyList.denies(principal))
      throw principal.kind === 'key' ? new RevokedApiKey() : new RevokedToken();
    if ((access.money || access.stepUp) && !this.denyList.isFresh) throw new RevocationUnknown();
    const needed = neededBy(principal, access);
    if (!needed.every((scope) => principal.scopes.includes(scope))) throw new InsufficientScope(needed);
    if (access.stepUp && !isFreshlyProven(principal, this.clock.now()))
      throw new StepUpRequired(STEP_UP_SECONDS);
    if (principal.kind === 'key') this.usage?.record(principal);
    request.principal = principal;
    const context = requestContext.current();
    if (context) {
      context.tenantId = principal.tenantId;
      context.userId = principal.userId;
    }
    return true;
  }

  /** Names the scheme as RFC 6750 section 3 asks, then lets the error take its way. */
  private refuse(response: Response, error: unknown): never {
    const challenge = challengeOf(error);
    if (challenge) response.header('www-authenticate', challenge);
    if (error instanceof InvalidApiKey) log.info({ reason: error.reason }, 'API key refused');
    if (error instanceof InvalidToken) log.info({ reason: error.reason }, 'access token refused');
    throw error;
  }
}

function neededBy({ kind }: Principal, { scopes, keyScopes }: Grant): readonly Scope[] {
  return kind === 'key' && keyScopes.length > 0 ? [...scopes, ...keyScopes] : scopes;
}

/** @throws NotAWriteKey */
function onlyWriting(holder: ApiKeyHolder, { scopes }: Grant): ApiKeyHolder {
  const exactly =
    holder.scopes.length === scopes.length && scopes.every((scope) => holder.scopes.includes(scope));
  if (!exactly) throw new NotAWriteKey(scopes);
  return holder;
}

function challengeOf(error: unknown): string | undefined {
  if (error instanceof NotAuthenticated) return 'Bearer';
  if (error instanceof StepUpRequired)
    return `Bearer error="insufficient_user_authentication", max_age="${error.maxAgeSeconds}"`;
  if (!(error instanceof DomainError)) return undefined;
  if (error instanceof AmbiguousCredentials) return 'Bearer error="invalid_request"';
  if (error.kind === 'unauthenticated') return 'Bearer error="invalid_token"';
  return error.kind === 'forbidden' ? 'Bearer error="insufficient_scope"' : undefined;
}
