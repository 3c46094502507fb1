import { ScopeNotYours, UnknownScope } from './api-key.errors';

const OWN = [
  'events:write',
  'analytics:read',
  'releases:write',
  'releases:read',
  'pix:write',
  'pix:read',
] as const;

/** Of the Banco Central's PIX API, for `/pix/v2`. */
const PIX_API = [
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

/** What an API key may be given: nothing that administers a tenant, nor what makes more keys. */
export const KEY_SCOPES = [...OWN, ...PIX_API] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/**
 * The scopes of a key that somebody with `granter`'s scopes makes, each once.
 * @throws UnknownScope for none at all, or one that keys never have; ScopeNotYours for more than the granter has
 */
export function grantScopes(asked: readonly string[], granter: readonly string[]): KeyScope[] {
  const scopes = KEY_SCOPES.filter((scope) => asked.includes(scope));
  if (scopes.length === 0 || scopes.length !== new Set(asked).size) throw new UnknownScope();
  const missing = scopes.filter((scope) => !granter.includes(neededFor(scope)));
  if (missing.length > 0) throw new ScopeNotYours(missing);
  return scopes;
}

/** People have no scopes of the Banco Central's: `pix:read` and `pix:write` stand for them. */
function neededFor(scope: KeyScope): string {
  if (!PIX_API.some((each) => each === scope)) return scope;
  return scope.endsWith('.write') ? 'pix:write' : 'pix:read';
}
