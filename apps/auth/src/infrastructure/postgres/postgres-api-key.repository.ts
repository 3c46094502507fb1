import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { requestContext } from '@libs/kernel';
import { ApiKey, KEY_DENIAL_MS, MOST_DENIED_KEYS, MOST_LIVING_KEYS } from '../../domain/api-key';
import { TooManyApiKeys } from '../../domain/api-key.errors';
import { ApiKeyRepository, UsedApiKey } from '../../domain/api-key.repository';
import { API_KEY_COLUMNS, apiKeyOf, ApiKeyRow } from './api-key.row';
import { lockForCounting } from './lock-for-counting';

interface UsedApiKeyRow extends ApiKeyRow {
  uses: string;
  last_used_at: Date | null;
}

const USED = `select k.*, u.count::text as uses, u.last_used_at from auth.api_key k
  join auth.api_key_use u on u.tenant_id = k.tenant_id and u.key_id = k.id where k.tenant_id = $1`;

@Injectable()
export class PostgresApiKeyRepository extends ApiKeyRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(key: ApiKey, now: Date): Promise<void> {
    const state = key.snapshot();
    const { living, denied } = await this.count(state.tenantId, now);
    if (living >= MOST_LIVING_KEYS) throw new TooManyApiKeys('living', MOST_LIVING_KEYS);
    if (denied >= MOST_DENIED_KEYS) throw new TooManyApiKeys('revoked', MOST_DENIED_KEYS);
    await this.sql.query(
      `insert into auth.api_key (${API_KEY_COLUMNS})
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [
        state.tenantId,
        state.id,
        state.appId,
        state.name,
        state.prefix,
        state.hmac,
        state.pepperVersion,
        state.scopes,
        state.requestsPerMinute,
        state.createdAt,
        state.createdBy,
        state.expiresAt,
        state.revokedAt,
        state.replaces,
        state.replacedBy,
        state.revision,
      ],
    );
    await this.sql.query('insert into auth.api_key_use (tenant_id, key_id) values ($1, $2)', [
      state.tenantId,
      state.id,
    ]);
  }

  async findForUpdate(id: string): Promise<ApiKey | undefined> {
    const [row] = await this.sql.query<ApiKeyRow>(
      `select ${API_KEY_COLUMNS} from auth.api_key where tenant_id = $1 and id = $2 for update`,
      [requestContext.tenantId(), id],
    );
    return row && apiKeyOf(row);
  }

  async save(key: ApiKey): Promise<void> {
    const { tenantId, id, expiresAt, revokedAt, replacedBy, revision } = key.snapshot();
    await this.sql.query(
      `update auth.api_key set expires_at = $3, revoked_at = $4, replaced_by = $5, revision = $6
       where tenant_id = $1 and id = $2`,
      [tenantId, id, expiresAt, revokedAt, replacedBy, revision],
    );
  }

  async show(id: string): Promise<UsedApiKey | undefined> {
    const [row] = await this.sql.query<UsedApiKeyRow>(`${USED} and k.id = $2`, [
      requestContext.tenantId(),
      id,
    ]);
    return row && usedKeyOf(row);
  }

  /** Ids are in the order of their making, and so is the primary key. */
  async list(query: { appId?: string; after?: string; limit: number }): Promise<UsedApiKey[]> {
    const rows = await this.sql.query<UsedApiKeyRow>(
      `${USED} and ($2::uuid is null or k.app_id = $2) and ($3::uuid is null or k.id < $3)
       order by k.id desc limit $4`,
      [requestContext.tenantId(), query.appId, query.after, query.limit],
    );
    return rows.map(usedKeyOf);
  }

  private async count(tenantId: string, now: Date): Promise<{ living: number; denied: number }> {
    await lockForCounting(this.sql, 'auth.api_key', tenantId);
    const [row] = await this.sql.query<{ living: number; denied: number }>(
      `select count(*) filter (where revoked_at is null and (expires_at is null or expires_at > $2))::int as living,
         count(*) filter (where revoked_at > $3)::int as denied
       from auth.api_key where tenant_id = $1`,
      [tenantId, now, new Date(now.getTime() - KEY_DENIAL_MS)],
    );
    return row ?? { living: 0, denied: 0 };
  }
}

function usedKeyOf(row: UsedApiKeyRow): UsedApiKey {
  return { key: apiKeyOf(row), uses: Number(row.uses), lastUsedAt: row.last_used_at ?? undefined };
}
