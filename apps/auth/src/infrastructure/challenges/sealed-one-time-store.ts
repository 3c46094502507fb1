import { createHmac, hkdfSync } from 'node:crypto';
import { seal, unseal } from '@libs/kernel';
import { logger } from '@libs/logging';
import { OneTimeStore } from '@libs/redis';

/**
 * The one-time store for what signs people in. Who holds a text finds what is kept for it; the store itself is believed
 * nothing: names and keys come of the text and of AUTH_KEY_SECRET together, so that who reads the store learns and who
 * writes to it can forge neither a sign-in nor a code, nor move one to another text or kind.
 */
export class SealedOneTimeStore {
  private readonly naming: Buffer;
  private readonly sealing: Buffer;

  constructor(
    secret: string,
    private readonly store: OneTimeStore,
  ) {
    this.naming = Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow one-time names', 32));
    this.sealing = Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow one-time values', 32));
  }

  put(kind: string, text: string, value: object, seconds: number): Promise<void> {
    return this.store.put(
      this.nameOf(kind, text),
      seal(JSON.stringify(value), this.keyOf(kind, text)),
      seconds,
    );
  }

  /** Gets and forgets; nothing also where somebody else wrote it, or altered it. */
  async take<T>(kind: string, text: string): Promise<T | undefined> {
    const sealed = await this.store.take(this.nameOf(kind, text));
    const opened = sealed === undefined ? undefined : openOrNone(sealed, this.keyOf(kind, text));
    return opened === undefined ? undefined : (JSON.parse(opened) as T);
  }

  private nameOf(kind: string, text: string): string {
    return `${kind}:${createHmac('sha256', this.naming).update(`${kind}\n${text}`).digest('base64url')}`;
  }

  private keyOf(kind: string, text: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.sealing, text, kind, 32));
  }
}

/** Nothing where somebody altered it in its store: for who brought its key, it is as if it were not there. */
function openOrNone(sealed: string, key: Buffer): string | undefined {
  try {
    return unseal(sealed, key);
  } catch (error) {
    logger('auth').error({ err: error }, 'what a store kept for a sign-in was altered there');
    return undefined;
  }
}
