import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

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
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.sealing, iv).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** @throws Error when it was sealed with another secret or for another owner, or was altered */
  open(sealed: string, owner: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.sealing, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8');
    return text + decipher.final('utf8');
  }
}
