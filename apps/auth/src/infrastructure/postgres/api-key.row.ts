import { TenantId, UserId } from '@libs/kernel';
import { ApiKey } from '../../domain/api-key';
import { KeyScope } from '../../domain/key-scopes';

export interface ApiKeyRow {
  tenant_id: TenantId;
  id: string;
  app_id: string;
  name: string;
  prefix: string;
  hmac: string;
  pepper_version: number;
  scopes: KeyScope[];
  requests_per_minute: number | null;
  created_at: Date;
  created_by: UserId;
  expires_at: Date | null;
  revoked_at: Date | null;
  replaces: string | null;
  replaced_by: string | null;
  revision: number;
}

export const API_KEY_COLUMNS =
  'tenant_id, id, app_id, name, prefix, hmac, pepper_version, scopes, requests_per_minute, created_at, created_by, expires_at, revoked_at, replaces, replaced_by, revision';

export function apiKeyOf(row: ApiKeyRow): ApiKey {
  return ApiKey.restore({
    id: row.id,
    tenantId: row.tenant_id,
    appId: row.app_id,
    name: row.name,
    prefix: row.prefix,
    hmac: row.hmac,
    pepperVersion: row.pepper_version,
    scopes: row.scopes,
    requestsPerMinute: row.requests_per_minute ?? undefined,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    replaces: row.replaces ?? undefined,
    replacedBy: row.replaced_by ?? undefined,
    revision: row.revision,
  });
}
