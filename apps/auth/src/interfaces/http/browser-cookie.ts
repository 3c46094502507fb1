import { createHash } from 'node:crypto';

const PATH_OF_CALLBACK = '/';

/** How a secret is left with a browser. */
export interface BrowserCookie {
  name: string;
  value: string;
  maxAgeSeconds: number;
  /** Https alone may carry it; then the name's prefix makes browsers refuse it from any other host or from plain http. */
  secure: boolean;
}

/**
 * The cookie of one sign-in under way, so that several tabs do not disturb each other. `__Host-` (RFC 6265bis 4.1.3.2):
 * no subdomain, which may be a tenant's, can plant it.
 */
export function signInCookieName(state: string, secure: boolean): string {
  const id = createHash('sha256').update(state).digest('base64url').slice(0, 16);
  return `${secure ? '__Host-' : ''}mf_google_${id}`;
}

/** Lax: it must come along when Google sends the browser back. */
export function setCookie({ name, value, maxAgeSeconds, secure }: BrowserCookie): string {
  return `${name}=${value}; Path=${PATH_OF_CALLBACK}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** The value of the one cookie of this name; two of a name are nobody's: one was planted. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}
