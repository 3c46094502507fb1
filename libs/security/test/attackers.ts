import { DomainError } from '@libs/kernel';
import { AccessTokenVerifier } from '../src/access-token-verifier';
import { AccessTokenStrategy } from '../src/access-token.strategy';
import { JwksCache } from '../src/jwks-cache';
import { SETTINGS, TestClock, TestJwks, TokenForge } from './token-forge';

/** `broken` is anything but a clear refusal: an attack must not end in a 500 either. */
export type Outcome = 'accepted' | 'refused' | 'broken';

/**
 * The ways a token takes: the verifier itself, Passport's strategy as the guard calls it, and the memory of a verifier that
 * has just seen the right one.
 */
export function attackersOf(
  forge: TokenForge,
): Record<'verifier' | 'passport' | 'memory', (token: string) => Promise<Outcome>> {
  const clock = new TestClock();
  const verifier = new AccessTokenVerifier(new JwksCache(new TestJwks([forge.jwk]), clock), SETTINGS, clock);
  const strategy = new AccessTokenStrategy(verifier);
  const right = forge.sign();
  return {
    verifier: (token) => outcomeOf(verifier.verify(token)),
    passport: (token) =>
      outcomeOf(strategy.principalOf({ headers: { authorization: `Bearer ${token}` } }, {})),
    memory: async (token) => {
      await verifier.verify(right);
      return outcomeOf(Promise.resolve(verifier.recall(token) ?? verifier.verify(token)));
    },
  };
}

async function outcomeOf(attempt: Promise<unknown>): Promise<Outcome> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    return error instanceof DomainError && error.kind === 'unauthenticated' ? 'refused' : 'broken';
  }
}
