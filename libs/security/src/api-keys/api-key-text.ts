import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Tells a leaked key from other random text: scanners of source code look for it. */
export const API_KEY_PREFIX = 'mf_live_';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// 32 characters of 62 are 190 bits.
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const SHOWN_LENGTH = API_KEY_PREFIX.length + 6;
const SHAPE = new RegExp(`^${API_KEY_PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);
const LENGTH = API_KEY_PREFIX.length + SECRET_LENGTH + CHECKSUM_LENGTH;

/** A new API key. `text` is shown once and never stored; `prefix` is what people may recognise it by afterwards. */
export interface MintedApiKey {
  readonly text: string;
  readonly prefix: string;
}

/** Makes `mf_live_`, 32 random characters of base62 and a checksum of all that. */
export function mintApiKey(): MintedApiKey {
  let body = API_KEY_PREFIX;
  for (let drawn = 0; drawn < SECRET_LENGTH; drawn += 1) body += ALPHABET.charAt(randomInt(ALPHABET.length));
  return { text: body + checksumOf(body), prefix: body.slice(0, SHOWN_LENGTH) };
}

/**
 * Whether `text` has the form of a key and its checksum holds: what fails here is a typing error or a guess, and costs no
 * look-up. It proves nothing about who holds it.
 */
export function isWellFormedApiKey(text: unknown): text is string {
  if (typeof text !== 'string' || text.length !== LENGTH || !SHAPE.test(text)) return false;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return text.slice(-CHECKSUM_LENGTH) === checksumOf(body);
}

/** CRC-32 in base62, the highest digit first, always six of them: 62^6 > 2^32. */
function checksumOf(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
