import { AuthenticatedRequest } from './principal';

const BEARER = /^Bearer +([^\s]+)$/i;

/** What follows `Authorization: Bearer`; the scheme is case-insensitive (RFC 9110 section 11.1). */
export function bearerTokenOf(request: AuthenticatedRequest): string | undefined {
  const header = request.headers['authorization'];
  return typeof header === 'string' ? BEARER.exec(header)?.[1] : undefined;
}
