import { deflate } from './deflate';
import { options, url } from './settings';
import { Row } from './store';

type Body = string | Uint8Array<ArrayBuffer>;
export type Token = string | null | undefined;

/** Less than half of what may outlive a page, so that leaving has the rest. */
export const PLAIN_BYTES = 30_000;
const TEXT = 'text/plain';

/** Much of it is compressed, without a header that says so: it would cost a preflight. No JSON begins as zlib does. */
export function pack(going: Row[]): Body {
  const json = `{"events":[${going.map((row) => row.json).join()}],"sent_at":"${new Date().toISOString()}"}`;
  return json.length > PLAIN_BYTES ? deflate(json) : json;
}

export const sizeOf = (body: Body): number => new Blob([body]).size;

/** A write key travels in the address and the body as text: no preflight, and sendBeacon can do the same. */
const target = (): string => (options.writeKey ? `${url}?key=${encodeURIComponent(options.writeKey)}` : url);

export function request(
  body: Body,
  keepalive: boolean,
  token: Token,
  signal?: AbortSignal,
): Promise<Response> {
  const headers: Record<string, string> = token
    ? { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    : { 'content-type': TEXT };
  return fetch(token ? url : target(), {
    method: 'POST',
    body,
    headers,
    keepalive,
    signal,
    credentials: 'omit',
  });
}

export function beacon(body: Body): void {
  // It cannot carry a token.
  if (options.writeKey && navigator.sendBeacon)
    navigator.sendBeacon(target(), new Blob([body], { type: TEXT }));
}
