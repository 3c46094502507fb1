import { FastifyRequest } from 'fastify';
import { Origin } from '../../domain/session';

/** Where a request comes from, as far as TRUST_PROXY lets us believe it. */
export function originOf(request: FastifyRequest): Origin {
  return { ip: request.ip, userAgent: request.headers['user-agent'] };
}
