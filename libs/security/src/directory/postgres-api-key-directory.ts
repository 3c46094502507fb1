import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { ApiKeyDirectory, ApiKeyRecord } from '../api-keys/api-key-directory';

interface Row {
  tenant_id: TenantId;
  key_id: string;
  hmac: string;
  app_id: string;
  scopes: string[];
  requests_per_minute: number | null;
  expires_at: Date | null;
  revoked_at: Date | null;
}

/** The service's own copy, asked only with the HMACs of a key that somebody presented. */
export class PostgresApiKeyDirectory extends ApiKeyDirectory {
  constructor(
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {
    super();
  }

  async find(hmacs: readonly string[]): Promise<ApiKeyRecord | undefined> {
    const rows = await this.sql.query<Row>(
      `select tenant_id, key_id, encode(hmac, 'hex') as hmac, app_id, scopes, requests_per_minute, expires_at, revoked_at
       from ${this.schema}.find_api_keys($1::text[])`,
      [hmacs],
    );
    const [row] = rows;
    // Two keys with one text cannot be: whose it is nobody can say, so it is nobody's.
    if (!row || rows.length > 1) return undefined;
    return {
      keyId: row.key_id,
      tenantId: row.tenant_id,
      appId: row.app_id,
      scopes: row.scopes,
      requestsPerMinute: row.requests_per_minute ?? undefined,
      expiresAt: row.expires_at ?? undefined,
      revokedAt: row.revoked_at ?? undefined,
      hmac: row.hmac,
    };
  }
}
