import { Principal } from '@libs/security';

/**
 * Who is told the ids of users, devices and sessions whom the question did not name. To everybody else people are a `visitor`:
 * reading numbers is no reason to learn whose they are, and a key may stand in many hands.
 */
export function mayIdentify(principal: Principal): boolean {
  return principal.kind === 'person' && principal.scopes.includes('tenant:write');
}
