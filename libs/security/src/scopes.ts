/** Scopes of our own routes. A route asks for some; a role and an API key give some. */
export const SCOPES = [
  'releases:read',
  'releases:write',
  'pix:read',
  'pix:write',
  'events:write',
  'analytics:read',
  'tenant:read',
  'tenant:write',
  'members:read',
  'members:write',
  'apps:read',
  'apps:write',
  'keys:read',
  'keys:write',
  'audit:read',
] as const;
export type OwnScope = (typeof SCOPES)[number];

/** Scopes of the Banco Central's PIX API (its OpenAPI file, `securitySchemes`): for `/pix/v2`, by API key. */
export const PIX_API_SCOPES = [
  'cob.read',
  'cob.write',
  'cobv.read',
  'cobv.write',
  'lotecobv.read',
  'lotecobv.write',
  'pix.read',
  'pix.write',
  'webhook.read',
  'webhook.write',
  'payloadlocation.read',
  'payloadlocation.write',
] as const;
export type PixApiScope = (typeof PIX_API_SCOPES)[number];

export type Scope = OwnScope | PixApiScope;

/** What an API key may be given: never what administers a tenant, nor what makes more keys. */
export const KEY_SCOPES = [
  'events:write',
  'analytics:read',
  'releases:write',
  'releases:read',
  'pix:write',
  'pix:read',
  ...PIX_API_SCOPES,
] as const satisfies readonly Scope[];
export type KeyScope = (typeof KEY_SCOPES)[number];
