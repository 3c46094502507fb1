import { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { foldEmail } from '../../domain/email';

/**
 * The account that a body names, before anybody has validated it. Hashed: no e-mail address among the keys of a store.
 */
export function accountOf({ body }: FastifyRequest): string | undefined {
  const { email, username } = (body ?? {}) as { email?: unknown; username?: unknown };
  const name = email ?? username;
  if (typeof name !== 'string') return undefined;
  return createHash('sha256').update(foldEmail(name)).digest('base64url');
}
