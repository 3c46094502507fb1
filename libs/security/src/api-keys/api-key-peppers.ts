import { createHmac, createSecretKey, KeyObject } from 'node:crypto';

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
  private readonly newest: KeyObject;
  private readonly older: readonly KeyObject[];

  /** @param peppers newest first, at least one */
  constructor(peppers: readonly Pepper[]) {
    const [newest, ...older] = peppers;
    if (!newest) throw new Error('API keys need a pepper');
    this.version = newest.version;
    this.newest = keyOf(newest);
    this.older = older.map(keyOf);
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

function keyOf({ secret }: Pepper): KeyObject {
  return createSecretKey(secret, 'utf8');
}

function digest(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
