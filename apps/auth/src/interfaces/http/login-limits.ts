import { applyDecorators } from '@nestjs/common';
import { clientAddress, RateLimit } from '@libs/http';
import { accountOf } from './account-of';

/** Names of the two limits; RATE_LIMIT_LOGIN_PER_15_MIN sets both. */
export const LOGIN_LIMITS = { address: 'login-address', account: 'login-account' } as const;

const DEFAULT = { limit: 5, windowSeconds: 15 * 60, whenAway: 'in_process' } as const;

/**
 * Counts every attempt, right or wrong, by address and by account, known or not. A success gives nothing back: who
 * owns one account could otherwise try another's passwords without end.
 */
export function LimitLogins(): MethodDecorator {
  // Decorators take effect from the last to the first: a refused address must not use up an account's tries.
  return applyDecorators(
    RateLimit({ ...DEFAULT, name: LOGIN_LIMITS.account, key: accountOf }),
    RateLimit({ ...DEFAULT, name: LOGIN_LIMITS.address, key: clientAddress }),
  );
}
