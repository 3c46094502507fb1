import { applyDecorators } from '@nestjs/common';
import { clientAddress, RateLimit, RateLimitOverrides } from '@libs/http';
import { AuthenticatedRequest } from '@libs/security';
import { FastifyRequest } from 'fastify';
import { accountOf } from './account-of';

const LIMIT = 5;
/** A sign-in gives five tries at its challenge. */
const ANSWERS = 5;
const rule = { windowSeconds: 15 * 60, whenAway: 'in_process' } as const;

/**
 * How many times the limit an account is good for. A mailed code has 60 bits and no wrong guess spoils it: a tight
 * limit would only let strangers keep its owner from using it.
 */
const ACCOUNT_ROUTES = {
  confirm: 20,
  'confirm-resend': 1,
  'password-forgot': 1,
  'password-reset': 20,
} as const;
const PERSON_ROUTES = ['step-up', 'password-change', 'totp-verify'] as const;
const ANSWERS_BY_ADDRESS = 'challenge-address';

/** For routes whose body names an account: counted by address, then by account, known or not. */
export function LimitByAccount(route: keyof typeof ACCOUNT_ROUTES): MethodDecorator {
  // Decorators take effect from the last to the first: a refused address must not use up an account's tries.
  return applyDecorators(
    RateLimit({
      ...rule,
      limit: LIMIT * ACCOUNT_ROUTES[route],
      name: `${route}-account`,
      key: accountOf,
    }),
    RateLimit({ ...rule, limit: LIMIT, name: `${route}-address`, key: clientAddress }),
  );
}

/** For routes where a signed-in person gives a secret: counted by the person, from wherever. */
export function LimitByPerson(route: (typeof PERSON_ROUTES)[number]): MethodDecorator {
  return RateLimit({ ...rule, limit: LIMIT, name: `${route}-person`, key: personOf });
}

/** For answers to challenges, which count tries of their own: counted by address, as many as its sign-ins give. */
export function LimitAnswers(): MethodDecorator {
  return RateLimit({ ...rule, limit: LIMIT * ANSWERS, name: ANSWERS_BY_ADDRESS, key: clientAddress });
}

/** All of them follow RATE_LIMIT_LOGIN_PER_15_MIN. */
export function guessLimits(loginLimit: number): RateLimitOverrides {
  const limits: Record<string, number> = { [ANSWERS_BY_ADDRESS]: loginLimit * ANSWERS };
  for (const [route, share] of Object.entries(ACCOUNT_ROUTES)) {
    limits[`${route}-address`] = loginLimit;
    limits[`${route}-account`] = loginLimit * share;
  }
  for (const route of PERSON_ROUTES) limits[`${route}-person`] = loginLimit;
  return limits;
}

function personOf(request: FastifyRequest): string | undefined {
  return (request as FastifyRequest & AuthenticatedRequest).principal?.userId;
}
