import { applyDecorators } from '@nestjs/common';
import { bringsWriteKey, clientAddress, RateLimit } from '@libs/http';
import { AuthenticatedRequest, Principal } from '@libs/security';
import type { FastifyRequest } from 'fastify';

/** Names of the limits, as the environment sets them. */
export const PER_SENDER = 'events';
export const PER_KEY = 'events_key';

const WINDOW_SECONDS = 60;

/**
 * A person has a limit and, where a public write key sends, an address: everybody has that key. An API key has its plan, which can
 * only be stricter than everybody's; one whose key is public only where it was given a plan, since all its visitors share it.
 * Who copies a public key into a header has its plan, too, but not the visitors': those are counted apart.
 */
export function CollectLimits(): MethodDecorator {
  return applyDecorators(
    RateLimit({ name: PER_SENDER, limit: 100, windowSeconds: WINDOW_SECONDS, key: senderOf }),
    RateLimit({ name: PER_KEY, limit: 6_000, windowSeconds: WINDOW_SECONDS, key: keyOf, planned }),
  );
}

function senderOf(request: FastifyRequest): string | undefined {
  const principal = principalOf(request);
  if (principal?.kind === 'person') return `user:${principal.tenantId}:${principal.userId}`;
  return bringsWriteKey(request) ? `address:${clientAddress(request)}` : undefined;
}

function keyOf(request: FastifyRequest): string | undefined {
  const principal = principalOf(request);
  if (principal?.kind !== 'key') return undefined;
  if (!bringsWriteKey(request)) return principal.keyId;
  return principal.requestsPerMinute === undefined ? undefined : `${principal.keyId}:visitors`;
}

function planned(request: FastifyRequest, limit: number): number {
  const principal = principalOf(request);
  const plan = principal?.kind === 'key' ? principal.requestsPerMinute : undefined;
  if (plan === undefined) return limit;
  return limit === 0 ? plan : Math.min(plan, limit);
}

function principalOf(request: FastifyRequest): Principal | undefined {
  return (request as AuthenticatedRequest).principal;
}
