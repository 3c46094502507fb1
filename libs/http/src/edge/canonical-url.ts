export const PREFIX = '/api/v1';

const VERSIONED = /^\/api\/v\d+(?:[/?]|$)/;

/** `/api/<rest>` is an alias of `/api/v1/<rest>`; `/api/v2/…` stays what it is, unknown. */
export function canonicalUrl(url: string): string {
  if (!url.startsWith('/api/') || url.startsWith('/api/v1/') || VERSIONED.test(url)) return url;
  return PREFIX + url.slice('/api'.length);
}

/** The path of a request target, also of an absolute one (`GET http://host/path`). */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  const target = query === -1 ? url : url.slice(0, query);
  if (target.startsWith('/')) return target;
  const authority = target.indexOf('://');
  const path = authority === -1 ? -1 : target.indexOf('/', authority + 3);
  return path === -1 ? '/' : target.slice(path);
}
