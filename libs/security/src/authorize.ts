import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiForbiddenResponse, ApiQuery, ApiSecurity } from '@nestjs/swagger';
import { KEY_SCOPES, Scope } from './scopes';

export const ACCESS = 'moneyflow:access';

/** The name of the API-key scheme in OpenAPI documents. */
const API_KEY_SCHEME = 'apiKey';

const GRANTABLE = new Set<Scope>(KEY_SCOPES);

/** What a route asks of its caller. */
export interface Grant {
  /** All of them are needed; none: any signed-in person. */
  readonly scopes: readonly Scope[];
  /** Moves money: answers 503 rather than trust a revocation list older than 2 s. */
  readonly money: boolean;
  /** API keys with the scopes may come too. */
  readonly keys: boolean;
  /** What an API key needs beside `scopes`, where a person who may read may also do this. */
  readonly keyScopes: readonly Scope[];
  /**
   * A key may also come as `?key=`, from pages, which show it to everybody: only one whose scopes are exactly those of the route
   * (`403 not_a_write_key` otherwise), so that nobody puts a key there that opens more.
   */
  readonly writeKeys: boolean;
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
  const access: Access = {
    money: false,
    keys: false,
    keyScopes: [],
    writeKeys: false,
    stepUp: false,
    ...grant,
  };
  if (access.keys && access.scopes.length === 0) throw new Error('a route for API keys names its scopes');
  const beyond = access.keys
    ? [...access.scopes, ...access.keyScopes].filter((scope) => !GRANTABLE.has(scope))
    : [];
  if (beyond.length > 0) throw new Error(`no API key can have ${beyond.join(' ')}: the route is for people`);
  if (access.keyScopes.length > 0 && (!access.keys || access.writeKeys))
    throw new Error('scopes of keys are for a route that takes keys, in a header alone');
  if (access.writeKeys && !access.keys) throw new Error('a route for write keys is one for API keys');
  if (access.keys && access.stepUp) throw new Error('an API key cannot prove itself again');
  return applyDecorators(
    SetMetadata(ACCESS, access),
    ApiBearerAuth(),
    ...(access.keys ? [ApiSecurity(API_KEY_SCHEME)] : []),
    ...(access.writeKeys ? [ApiQuery(WRITE_KEY)] : []),
    ...(access.stepUp ? [ApiExtension('x-step-up', true), ApiForbiddenResponse(STEP_UP)] : []),
    ApiExtension('x-required-scopes', access.scopes),
    ...(access.keyScopes.length > 0 ? [ApiExtension('x-required-key-scopes', access.keyScopes)] : []),
  );
}

const WRITE_KEY = {
  name: 'key',
  required: false,
  type: String,
  description:
    'A write key: an API key with no other scope than this route asks for. For `sendBeacon`, which cannot set headers.',
};
const STEP_UP = { description: '`step_up_required`: prove who you are again (POST /auth/step-up)' };

/** For everybody, without a token. */
export function Public() {
  return SetMetadata<string, Access>(ACCESS, 'public');
}
