import { hash } from 'node:crypto';

/** One version of the secret that keys are hashed with. */
export interface Pepper {
  readonly version: number;
  readonly secret: string;
}

/**
 * Turns the text of an API key into what is stored and looked up: HMAC-SHA-256, in lower-case hex. Without the secret a
 * stolen table neither yields a key nor lets a guess be checked. Older versions stay until no key is left under them.
 */
export class ApiKeyPeppers {
  /** The version that `hmac` works with. */
  readonly version: number;
  private readonly newest: Pads;
  private readonly older: readonly Pads[];

  /** @param peppers newest first, at least one */
  constructor(peppers: readonly Pepper[]) {
    const [newest, ...older] = peppers;
    if (!newest) throw new Error('API keys need a pepper');
    this.version = newest.version;
    this.newest = padsOf(newest);
    this.older = older.map(padsOf);
  }

  /** Under the newest secret: for what is stored from now on. */
  hmac(text: string): string {
    return digest(this.newest, text);
  }

  /** Under every secret, newest first: for a look-up. */
  hmacs(text: string): string[] {
    return [this.hmac(text), ...this.older.map((key) => digest(key, text))];
  }
}

const BLOCK = 64;
const DIGEST = 32;

/** A secret as RFC 2104 wants it: with room for what is hashed after it. */
interface Pads {
  inner: Buffer;
  outer: Buffer;
}

function padsOf({ secret }: Pepper): Pads {
  const bytes = Buffer.from(secret, 'utf8');
  const key = Buffer.alloc(BLOCK);
  (bytes.length > BLOCK ? hash('sha256', bytes, 'buffer') : bytes).copy(key);
  return {
    inner: Buffer.from(key.map((byte) => byte ^ 0x36)),
    outer: Buffer.concat([key.map((byte) => byte ^ 0x5c), Buffer.alloc(DIGEST)]),
  };
}

/** HMAC-SHA-256 by two one-shot hashes: asked on every request, and node's Hmac object costs twice as much. */
function digest({ inner, outer }: Pads, text: string): string {
  const message = Buffer.allocUnsafe(BLOCK + Buffer.byteLength(text));
  inner.copy(message);
  message.write(text, BLOCK);
  // as hex, since a digest that comes as a buffer costs more than both hashes
  outer.write(hash('sha256', message, 'hex'), BLOCK, 'hex');
  return hash('sha256', outer, 'hex');
}
