import { createHash, randomBytes } from 'node:crypto';
import { isUuid, TenantId } from '@libs/kernel';

const TENANT_BYTES = 16;
const SECRET_BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{64}$/;

/** A secret of a tenant's that is stored as its hash. */
export interface TenantSecret {
  text: string;
  tenantId: TenantId;
  hash: Buffer;
}

/**
 * Texts of a prefix and 64 base64url characters: the tenant (16 bytes), so that the row can be looked up behind
 * row-level security, and 256 random bits. The whole text is hashed: a changed tenant finds nothing. SHA-256 suffices
 * where the input has 256 random bits.
 */
export function mintTenantSecret(prefix: string, tenantId: TenantId): TenantSecret {
  const tenant = Buffer.from(tenantId.replaceAll('-', ''), 'hex');
  return secretOf(
    `${prefix}${Buffer.concat([tenant, randomBytes(SECRET_BYTES)]).toString('base64url')}`,
    tenantId,
  );
}

/** @returns nothing for any other form */
export function readTenantSecret(prefix: string, text: string): TenantSecret | undefined {
  // 48 bytes are exactly 64 characters: no unused bits, so one secret has one spelling.
  if (!text.startsWith(prefix) || !FORM.test(text.slice(prefix.length))) return undefined;
  const hex = Buffer.from(text.slice(prefix.length), 'base64url').toString('hex', 0, TENANT_BYTES);
  const tenantId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  // Any 16 bytes decode; only some of them can be a tenant of ours.
  return isUuid(tenantId) ? secretOf(text, tenantId as TenantId) : undefined;
}

function secretOf(text: string, tenantId: TenantId): TenantSecret {
  return { text, tenantId, hash: createHash('sha256').update(text).digest() };
}
