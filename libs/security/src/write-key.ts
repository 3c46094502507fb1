import { AuthenticatedRequest } from './principal';

/** What stands in `?key=`; anything at all, twice it is a list. */
export function writeKeyOf({ query }: AuthenticatedRequest): unknown {
  return typeof query === 'object' && query !== null ? (query as Record<string, unknown>)['key'] : undefined;
}
