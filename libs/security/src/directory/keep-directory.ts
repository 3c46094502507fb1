import { ApiKeyChangedV1, TenantChangedV1 } from '@libs/contracts';
import { SqlSession } from '@libs/database';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { Batch } from '@libs/messaging';

/**
 * Keeps a service's own copy of the tenants and API keys that auth tells of, with the role that serves the batch at hand.
 * Idempotent and indifferent to order: of several revisions the highest stays. A row that the table refuses rejects the
 * batch; the transport isolates it.
 */
export class KeepDirectory {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {}

  tenants(batch: Batch<TenantChangedV1>): Promise<void> {
    return this.keep(batch, keepTenantsSql(this.schema));
  }

  apiKeys(batch: Batch<ApiKeyChangedV1>): Promise<void> {
    return this.keep(batch, keepApiKeysSql(this.schema));
  }

  private async keep(batch: Batch<object>, sql: string): Promise<void> {
    const rows = batch.messages.map(({ envelope: { tenantId, payload } }) => ({ ...payload, tenantId }));
    if (rows.length === 0) return;
    await this.transaction.runFor(batch.tenantIds as TenantId[], () =>
      this.sql.query(sql, [JSON.stringify(rows)]),
    );
  }
}

// In key order, so that two consumers wait for each other instead of deadlocking.
const keepTenantsSql = (schema: string): string => `
insert into ${schema}.tenant_directory as kept
  (tenant_id, subdomain, status, origins, domains, default_app_id, revision)
select distinct on ("tenantId") "tenantId", subdomain, status, origins, coalesce(domains, '{}'), "defaultAppId", revision
from jsonb_to_recordset($1::text::jsonb) as told ("tenantId" uuid, subdomain text, status text, origins text[],
  domains text[], "defaultAppId" uuid, revision bigint)
order by "tenantId", revision desc
on conflict (tenant_id) do update set
  subdomain = excluded.subdomain, status = excluded.status, origins = excluded.origins, domains = excluded.domains,
  default_app_id = coalesce(excluded.default_app_id, kept.default_app_id), revision = excluded.revision,
  changed_in = pg_current_xact_id()
where excluded.revision > kept.revision`;

const keepApiKeysSql = (schema: string): string => `
insert into ${schema}.api_key_directory as kept
  (tenant_id, key_id, hmac, app_id, scopes, requests_per_minute, expires_at, revoked_at, revision)
select distinct on ("tenantId", "keyId") "tenantId", "keyId", decode(hmac, 'hex'), "appId", scopes, "requestsPerMinute",
  "expiresAt", "revokedAt", revision
from jsonb_to_recordset($1::text::jsonb) as told ("tenantId" uuid, "keyId" uuid, hmac text, "appId" uuid, scopes text[],
  "requestsPerMinute" integer, "expiresAt" timestamptz, "revokedAt" timestamptz, revision bigint)
order by "tenantId", "keyId", revision desc
on conflict (tenant_id, key_id) do update set
  hmac = excluded.hmac, app_id = excluded.app_id, scopes = excluded.scopes,
  requests_per_minute = excluded.requests_per_minute, expires_at = excluded.expires_at,
  revoked_at = excluded.revoked_at, revision = excluded.revision
where excluded.revision > kept.revision`;
