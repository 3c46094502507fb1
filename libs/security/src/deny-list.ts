import { Principal } from './principal';

/** The one set of the ExpiringSet that every service reads and auth writes. */
export const DENY_LIST = 'auth:denied';

/** How a member of the deny list is spelt; auth writes what the guards look up. */
export const denied = {
  session: (sessionId: string): string => `sid:${sessionId}`,
  token: (tokenId: string): string => `jti:${tokenId}`,
};

/** The spellings under which `principal` may be denied. Never the token's text: one token has several spellings. */
export function isDenied(members: ReadonlySet<string>, principal: Principal): boolean {
  return (
    members.size > 0 &&
    (members.has(denied.session(principal.sessionId)) || members.has(denied.token(principal.tokenId)))
  );
}
