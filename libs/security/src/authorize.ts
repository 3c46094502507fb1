import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiForbiddenResponse, ApiSecurity } from '@nestjs/swagger';
import { KEY_SCOPES, Scope } from './scopes';

export const ACCESS = 'moneyflow:access';

/** The name of the API-key scheme in OpenAPI documents. */
export const API_KEY_SCHEME = 'apiKey';

const GRANTABLE = new Set<Scope>(KEY_SCOPES);

/** What a route asks of its caller. */
export interface Grant {
  /** All of them are needed; none: any signed-in person. */
  readonly scopes: readonly Scope[];
  /** Moves money: answers 503 rather than trust a revocation list older than 2 s. */
  readonly money: boolean;
  /** API keys with the scopes may come too. */
  readonly keys: boolean;
  /**
   * The person must have proven who they are within the last 5 min, with the second factor where they have one
   * (`403 step_up_required` otherwise). Also answers 503 when revocations are not known freshly.
   */
  readonly stepUp: boolean;
}

/** What a route declares about who may use it. */
export type Access = 'public' | Grant;

/** Only with a verified token, or an API key where `keys` says so, that carries every one of `scopes`. */
export function Authorize(
  grant: { scopes: Scope[] } & Partial<Omit<Grant, 'scopes'>>,
): MethodDecorator & ClassDecorator {
  const access: Access = { money: false, keys: false, stepUp: false, ...grant };
  if (access.keys && access.scopes.length === 0) throw new Error('a route for API keys names its scopes');
  const beyond = access.keys ? access.scopes.filter((scope) => !GRANTABLE.has(scope)) : [];
  if (beyond.length > 0) throw new Error(`no API key can have ${beyond.join(' ')}: the route is for people`);
  if (access.keys && access.stepUp) throw new Error('an API key cannot prove itself again');
  return applyDecorators(
    SetMetadata(ACCESS, access),
    ApiBearerAuth(),
    ...(access.keys ? [ApiSecurity(API_KEY_SCHEME)] : []),
    ...(access.stepUp ? [ApiExtension('x-step-up', true), ApiForbiddenResponse(STEP_UP)] : []),
    ApiExtension('x-required-scopes', access.scopes),
  );
}

const STEP_UP = { description: '`step_up_required`: prove who you are again (POST /auth/step-up)' };

/** For everybody, without a token. */
export function Public() {
  return SetMetadata<string, Access>(ACCESS, 'public');
}
