import { applyDecorators } from '@nestjs/common';
import { clientAddress, RateLimit } from '@libs/http';
import { AuthenticatedRequest } from '@libs/security';
import { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { accountOf } from './account-of';
import { LOGIN_LIMITS } from './login-limits';

const HOUR_SECONDS = 3_600;

/** The name of the limit on guesses by one link; RATE_LIMIT_LOGIN_PER_15_MIN sets it. */
export const INVITATION_GUESSES = 'invitation-guesses';

/** Mails go to strangers at a tenant's word: neither the tenant nor the stranger may become a flood. */
export function LimitInvitations(): MethodDecorator {
  return applyDecorators(
    RateLimit({ name: 'invitations-to', limit: 5, windowSeconds: 24 * HOUR_SECONDS, key: accountOf }),
    RateLimit({ name: 'invitations-by', limit: 50, windowSeconds: HOUR_SECONDS, key: tenantOf }),
  );
}

/** Accepting may take the password of an account: guesses are counted by link and, with sign-ins, by address. */
export function LimitAcceptance(): MethodDecorator {
  const window = { limit: 5, windowSeconds: 15 * 60, whenAway: 'in_process' } as const;
  return applyDecorators(
    RateLimit({ ...window, name: INVITATION_GUESSES, key: linkOf }),
    RateLimit({ ...window, name: LOGIN_LIMITS.address, key: clientAddress }),
  );
}

function tenantOf(request: FastifyRequest): string | undefined {
  return (request as unknown as AuthenticatedRequest).principal?.tenantId;
}

/** Hashed: no link among the keys of a store. */
export function linkOf({ params }: FastifyRequest): string | undefined {
  const { token } = params as { token?: string };
  return token && createHash('sha256').update(token).digest('base64url');
}
