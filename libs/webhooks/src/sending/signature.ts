import { createHmac } from 'node:crypto';

/**
 * `webhook-signature` of Standard Webhooks: one for each secret, the newest first.
 * @param timestamp Unix seconds
 * @param secrets `whsec_<base64>`
 */
export function signatureOf(id: string, timestamp: number, body: string, secrets: readonly string[]): string {
  return secrets
    .map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'))
    .map((signature) => `v1,${signature}`)
    .join(' ');
}
