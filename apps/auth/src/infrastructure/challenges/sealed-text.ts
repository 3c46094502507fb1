import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { logger } from '@libs/logging';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM, as base64: for stores that keep text. */
export function seal(text: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** @throws Error when it was sealed with another key, or altered */
export function open(sealed: string, key: Buffer): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  }).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

/** Nothing where somebody altered it in its store: for who brought its key, it is as if it were not there. */
export function openOrNone(sealed: string, key: Buffer): string | undefined {
  try {
    return open(sealed, key);
  } catch (error) {
    logger('auth').error({ err: error }, 'what a store kept for a sign-in was altered there');
    return undefined;
  }
}
