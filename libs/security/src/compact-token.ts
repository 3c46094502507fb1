import { InvalidToken } from './security.errors';

const MAX_LENGTH = 8_192;
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ALLOWED_HEADERS = new Set(['alg', 'typ', 'kid']);
const MAX_KID = 128;
/** Tokens of one key share their header, to the letter: what was found harmless is not read again. */
const kids = new Map<string, string>();
const REMEMBERED = 100;

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
  if (!FORM.test(token)) throw new InvalidToken('form');
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (
    !isCanonical(token, 0, first) ||
    !isCanonical(token, first + 1, second) ||
    !isCanonical(token, second + 1, token.length)
  )
    throw new InvalidToken('form');
  const segment = token.slice(0, first);
  let kid = kids.get(segment);
  if (kid === undefined) {
    kid = kidOfHeader(segment);
    if (kids.size >= REMEMBERED) kids.clear();
    kids.set(segment, kid);
  }
  return kid;
}

function kidOfHeader(segment: string): string {
  const header = headerOf(segment);
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

/** Whether the unused trailing bits of this unpadded base64url segment are zero. */
function isCanonical(token: string, from: number, to: number): boolean {
  const last = ALPHABET.indexOf(token.charAt(to - 1));
  switch ((to - from) % 4) {
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
