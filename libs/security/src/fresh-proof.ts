import { Principal } from './principal';

/** How long a proof of identity serves what asks for a fresh one. */
export const STEP_UP_SECONDS = 300;

/** Whether a person proved who they are just now; an API key cannot. */
export function isFreshlyProven(principal: Principal, now: Date): boolean {
  return principal.kind === 'person' && now.getTime() / 1000 - principal.authenticatedAt <= STEP_UP_SECONDS;
}
