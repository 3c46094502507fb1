import { Principal } from './principal';

/** The one set of the ExpiringSet that every service reads and auth writes. */
export const DENY_LIST = 'auth:denied';

/** How a member of the deny list is spelt; auth writes what the guards look up. */
export const denied = {
  session: (sessionId: string): string => `sid:${sessionId}`,
  token: (tokenId: string): string => `jti:${tokenId}`,
  key: (keyId: string): string => `key:${keyId}`,
  tenant: (tenantId: string): string => `tenant:${tenantId}`,
};

/** Whether `principal` is denied under one of its names. Never by a token's text: one token has several spellings. */
export function isDenied(members: ReadonlySet<string>, principal: Principal): boolean {
  return members.size > 0 && namesOf(principal).some((name) => members.has(name));
}

function namesOf(principal: Principal): string[] {
  const tenant = denied.tenant(principal.tenantId);
  return principal.kind === 'key'
    ? [denied.key(principal.keyId), tenant]
    : [denied.session(principal.sessionId), denied.token(principal.tokenId), tenant];
}
