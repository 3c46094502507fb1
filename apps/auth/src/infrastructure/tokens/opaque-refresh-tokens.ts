import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { TenantId } from '@libs/kernel';
import { RefreshToken, RefreshTokens } from '../../application/sessions/refresh-tokens';
import { mintTenantSecret, readTenantSecret } from './tenant-secret';

const PREFIX = 'mf_refresh_';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** `mf_refresh_`, the tenant and 256 random bits: see tenant-secret. */
export class OpaqueRefreshTokens extends RefreshTokens {
  mint(tenantId: TenantId): RefreshToken {
    return mintTenantSecret(PREFIX, tenantId);
  }

  read(text: string): RefreshToken | undefined {
    return readTenantSecret(PREFIX, text);
  }

  seal(successor: RefreshToken, predecessor: RefreshToken): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', sealingKey(predecessor), iv);
    const sealed = Buffer.concat([cipher.update(successor.text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  unseal(sealed: Buffer, predecessor: RefreshToken): RefreshToken {
    const iv = sealed.subarray(0, IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(predecessor), iv, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8');
    const successor = this.read(text + decipher.final('utf8'));
    if (!successor) throw new Error('a sealed successor is not a refresh token');
    return successor;
  }
}

/** Only the predecessor's text gives this key, and the store has only its hash: a stolen database opens nothing. */
function sealingKey(predecessor: RefreshToken): Buffer {
  return Buffer.from(hkdfSync('sha256', predecessor.text, '', 'moneyflow refresh successor', 32));
}
