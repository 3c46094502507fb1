import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { isUuid, TenantId } from '@libs/kernel';
import { RefreshToken, RefreshTokens } from '../../application/refresh-tokens';

const PREFIX = 'mf_refresh_';
const TENANT_BYTES = 16;
const SECRET_BYTES = 32;
const FORM = /^mf_refresh_[A-Za-z0-9_-]{64}$/;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * `mf_refresh_` and 64 base64url characters: the tenant (16 bytes), so that the token can be looked up behind
 * row-level security, and 256 random bits. The whole text is hashed: a changed tenant finds nothing. SHA-256 suffices
 * where the input has 256 random bits.
 */
export class OpaqueRefreshTokens extends RefreshTokens {
  mint(tenantId: TenantId): RefreshToken {
    const tenant = Buffer.from(tenantId.replaceAll('-', ''), 'hex');
    const body = Buffer.concat([tenant, randomBytes(SECRET_BYTES)]).toString('base64url');
    return refreshToken(`${PREFIX}${body}`, tenantId);
  }

  read(text: string): RefreshToken | undefined {
    // 48 bytes are exactly 64 characters: no unused bits, so one token has one spelling.
    if (!FORM.test(text)) return undefined;
    const hex = Buffer.from(text.slice(PREFIX.length), 'base64url').toString('hex', 0, TENANT_BYTES);
    const tenantId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    // Any 16 bytes decode; only some of them can be a tenant of ours.
    return isUuid(tenantId) ? refreshToken(text, tenantId as TenantId) : undefined;
  }

  seal(successor: RefreshToken, predecessor: RefreshToken): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', sealingKey(predecessor), iv);
    const sealed = Buffer.concat([cipher.update(successor.text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  unseal(sealed: Buffer, predecessor: RefreshToken): RefreshToken {
    const iv = sealed.subarray(0, IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(predecessor), iv);
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8');
    const successor = this.read(text + decipher.final('utf8'));
    if (!successor) throw new Error('a sealed successor is not a refresh token');
    return successor;
  }
}

function refreshToken(text: string, tenantId: TenantId): RefreshToken {
  return { text, tenantId, hash: createHash('sha256').update(text).digest() };
}

/** Only the predecessor's text gives this key, and the store has only its hash: a stolen database opens nothing. */
function sealingKey(predecessor: RefreshToken): Buffer {
  return Buffer.from(hkdfSync('sha256', predecessor.text, '', 'moneyflow refresh successor', 32));
}
