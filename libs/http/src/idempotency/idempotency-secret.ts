import { createHmac, hkdfSync } from 'node:crypto';
import { seal, unseal } from '@libs/kernel';

/**
 * Protects what the one-time store keeps of requests and answers that hold a secret. The store keeps it for a day: a
 * plain SHA-256 would let whoever reads the store try passwords a billion a second, and an answer in the clear would
 * hand over the key it shows once. Without this secret nobody can try or read one. Every instance of an application
 * has the same, so that a retry may come to another.
 */
export class IdempotencySecret {
  private readonly digesting: Buffer;
  private readonly sealing: Buffer;

  constructor(secret: string) {
    this.digesting = Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow idempotency', 32));
    this.sealing = Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow idempotency answers', 32));
  }

  digest(text: string): string {
    return createHmac('sha256', this.digesting).update(text).digest('hex');
  }

  /** AES-256-GCM, bound to `owner`: moved to another key of the store it does not open. */
  seal(text: string, owner: string): string {
    return seal(text, this.sealing, owner);
  }

  /** @throws Error when it was sealed with another secret or for another owner, or was altered */
  open(sealed: string, owner: string): string {
    return unseal(sealed, this.sealing, owner);
  }
}
