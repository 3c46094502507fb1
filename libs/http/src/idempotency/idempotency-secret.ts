import { createHmac, hkdfSync } from 'node:crypto';

/**
 * Digests requests whose body holds a secret. The store keeps what a key was used with for a day: a plain SHA-256 would
 * let whoever reads the store try passwords a billion a second; without this secret nobody can try one. Every instance
 * of an application has the same, so that a retry may come to another.
 */
export class IdempotencySecret {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow idempotency', 32));
  }

  digest(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('hex');
  }
}
