import { InvalidToken } from './security.errors';

const MAX_LENGTH = 8_192;
const SEGMENT = /^[A-Za-z0-9_-]+$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ALLOWED_HEADERS = new Set(['alg', 'typ', 'kid']);
const MAX_KID = 128;

/**
 * Reads the header of a compact JWS before anything trusts it, and answers the `kid` to verify with.
 *
 * An allow-list of header members refuses whatever could bring a key along or change how the signature is read: jwk,
 * jku, x5u, x5c, crit, b64. Segments must be canonical base64url: otherwise sixteen texts verify as one RS256 token
 * (RFC 4648 section 3.5), and a changed byte would pass.
 * @throws InvalidToken
 */
export function kidOf(token: unknown): string {
  if (typeof token !== 'string' || token.length > MAX_LENGTH) throw new InvalidToken('length');
  const segments = token.split('.');
  if (segments.length !== 3 || !segments.every(isCanonical)) throw new InvalidToken('form');
  const header = headerOf(segments[0] as string);
  if (!Object.keys(header).every((name) => ALLOWED_HEADERS.has(name))) throw new InvalidToken('header');
  if (header['alg'] !== 'RS256') throw new InvalidToken('alg');
  if (header['typ'] !== 'at+jwt') throw new InvalidToken('typ');
  const kid = header['kid'];
  if (typeof kid !== 'string' || kid.length === 0 || kid.length > MAX_KID) throw new InvalidToken('kid');
  return kid;
}

function headerOf(segment: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
  } catch {
    throw new InvalidToken('header');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new InvalidToken('header');
  return header as Record<string, unknown>;
}

/** Unpadded base64url whose unused trailing bits are zero. */
function isCanonical(segment: string): boolean {
  if (!SEGMENT.test(segment)) return false;
  const last = ALPHABET.indexOf(segment.charAt(segment.length - 1));
  switch (segment.length % 4) {
    case 0:
      return true;
    case 2:
      return (last & 0b1111) === 0;
    case 3:
      return (last & 0b11) === 0;
    default:
      return false;
  }
}
