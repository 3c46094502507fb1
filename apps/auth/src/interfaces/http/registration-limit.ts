import { clientAddress, RateLimit } from '@libs/http';
import { FastifyRequest } from 'fastify';

/** The name of the limit; RATE_LIMIT_LOGIN_PER_15_MIN sets it. */
export const REGISTRATIONS = 'registrations';

/** How many companies may be founded in an hour for each sign-in that 15 min admit. */
export const REGISTRATIONS_PER_LOGIN = 4;

/** A company costs a password to hash, rows for good, and a name that is taken: by address, however it is founded. */
export function LimitRegistrations(founds: (body: unknown) => boolean = () => true): MethodDecorator {
  return RateLimit({
    name: REGISTRATIONS,
    limit: 20,
    windowSeconds: 3_600,
    whenAway: 'in_process',
    key: (request: FastifyRequest) => (founds(request.body) ? clientAddress(request) : undefined),
  });
}
