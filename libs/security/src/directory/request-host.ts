/** What a request says about where it was sent to, as Node read it: no proxy's word is in it. */
export interface HostedRequest {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly raw?: { readonly url?: string; readonly rawHeaders?: readonly string[] };
}

const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;

/**
 * The host a request was sent to; undefined where it names none (HTTP/1.0), null where it names two. X-Forwarded-Host and
 * Forwarded are not looked at: a proxy that changes Host on the way must be configured to keep it.
 */
export function hostOf({ headers, raw }: HostedRequest): string | undefined | null {
  const { host } = headers;
  if (typeof host === 'object') return null;
  // Node keeps the first of two; a proxy before us may have gone by the last.
  if (raw?.rawHeaders && namesTwo(raw.rawHeaders)) return null;
  const url = raw?.url;
  if (url === undefined || url.startsWith('/')) return host;
  // RFC 9112 section 3.2.2: the target of an absolute form goes before the header. We want them to agree.
  const authority = AUTHORITY.exec(url)?.[1];
  if (authority === undefined) return host;
  return host === undefined || host.toLowerCase() === authority.toLowerCase() ? authority : null;
}

function namesTwo(rawHeaders: readonly string[]): boolean {
  let seen = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (seen) return true;
    seen = true;
  }
  return false;
}
