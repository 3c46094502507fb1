import { IncomingHttpHeaders } from 'node:http';

const PREFIX = 'bearer.';

/**
 * Browsers can set no header of a handshake but its subprotocols: `moneyflow.live, bearer.<token>`. The token becomes the
 * `Authorization` it stands for and leaves the list, so that nothing further on sees, answers or logs it.
 * @returns whether there was a credential in a header already, or a second token
 */
export function takeBearer(headers: IncomingHttpHeaders): boolean {
  const offered = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
  const [token, ...more] = offered.filter((each) => each.startsWith(PREFIX));
  if (token === undefined) return false;
  const others = offered.filter((each) => !each.startsWith(PREFIX));
  if (others.length > 0) headers['sec-websocket-protocol'] = others.join(', ');
  else delete headers['sec-websocket-protocol'];
  if (more.length > 0 || headers.authorization !== undefined || headers['x-api-key'] !== undefined)
    return true;
  headers.authorization = `Bearer ${token.slice(PREFIX.length)}`;
  return false;
}
