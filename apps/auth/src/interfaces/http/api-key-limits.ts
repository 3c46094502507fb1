import { FastifyRequest } from 'fastify';
import { RateLimit } from '@libs/http';
import { AuthenticatedRequest } from '@libs/security';

const KEYS_AN_HOUR = 100;

/**
 * Every key that is made will be revoked some day, and is then on the deny list for a week: every process of every
 * service copies that list. Anybody may register a company, so what one may put there has an end.
 */
export function LimitNewKeys(): MethodDecorator {
  return RateLimit({ name: 'keys-by', limit: KEYS_AN_HOUR, windowSeconds: 3_600, key: tenantOf });
}

function tenantOf(request: FastifyRequest): string | undefined {
  return (request as unknown as AuthenticatedRequest).principal?.tenantId;
}
