import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { AccessTokenVerifier, signatureOptions } from './access-token-verifier';
import { bearerTokenOf } from './bearer-token';
import { AuthenticatedRequest, Person } from './principal';
import { InvalidToken } from './security.errors';
import { DomainError } from '@libs/kernel';

/**
 * Passport's JWT strategy, its key found by `kid` in the JWKS cache. It is used as an instance and never registered by
 * name: the registry is one per process, and several applications may share the process.
 */
export class AccessTokenStrategy extends Strategy {
  constructor(verifier: AccessTokenVerifier) {
    super(
      {
        jwtFromRequest: (request: unknown) => bearerTokenOf(request as AuthenticatedRequest) ?? null,
        secretOrKeyProvider: (_request: unknown, token: string, done: KeyCallback) => {
          verifier.keyOf(token).then(
            (key) => done(null, key as never),
            (error: unknown) => done(error),
          );
        },
        algorithms: signatureOptions.algorithms,
        jsonWebTokenOptions: signatureOptions,
        ignoreExpiration: true,
        passReqToCallback: true,
      },
      (request: unknown, payload: unknown, done: (error: unknown, principal?: Person) => void) => {
        try {
          done(null, verifier.accept(bearerTokenOf(request as AuthenticatedRequest) ?? '', payload));
        } catch (error) {
          done(error);
        }
      },
    );
  }

  /** Resolves with the principal of the request's token. @throws InvalidToken, ExpiredToken, KeysUnavailable */
  principalOf(request: AuthenticatedRequest, response: unknown): Promise<Person> {
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, principal?: Person | false, challenge?: unknown): void => {
        if (principal) resolve(principal);
        else reject(refusal(error ?? challenge));
      };
      // Passport hangs each request's callbacks on the strategy it is given; a shared one would mix up requests.
      const strategy = Object.create(this) as this;
      const authenticate = passport.authenticate(strategy, { session: false }, settle) as Middleware;
      authenticate(request, response, (error) => settle(error));
    });
  }
}

type KeyCallback = (error: unknown, key?: string) => void;
type Middleware = (request: unknown, response: unknown, next: (error?: unknown) => void) => void;

/** Passport reports a refused token as a challenge, a broken verifier as an error. */
function refusal(cause: unknown): Error {
  if (cause instanceof DomainError) return cause;
  return new InvalidToken(cause instanceof Error ? cause.message : 'refused');
}
