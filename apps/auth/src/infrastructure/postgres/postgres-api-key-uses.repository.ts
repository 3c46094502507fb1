import { Injectable } from '@nestjs/common';
import { Inbox, SqlSession } from '@libs/database';
import { ApiKeyUseReport } from '../../domain/api-key-use';
import { ApiKeyUsesRepository } from '../../domain/api-key-uses.repository';

const CONSUMER = 'auth.key-uses';

// In key order: two batches that count for the same keys wait for each other instead of deadlocking.
const ADD = `
with used as (
  select tenant_id, key_id, sum(count)::bigint as count, max(last_used_at) as last_used_at
  from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[]) as use (tenant_id, key_id, count, last_used_at)
  group by tenant_id, key_id
), locked as (
  select u.tenant_id, u.key_id from auth.api_key_use u
  where (u.tenant_id, u.key_id) in (select tenant_id, key_id from used)
  order by u.tenant_id, u.key_id for update
)
update auth.api_key_use u
set count = u.count + used.count, last_used_at = greatest(u.last_used_at, used.last_used_at)
from used join locked using (tenant_id, key_id)
where u.tenant_id = used.tenant_id and u.key_id = used.key_id`;

@Injectable()
export class PostgresApiKeyUsesRepository extends ApiKeyUsesRepository {
  constructor(
    private readonly sql: SqlSession,
    private readonly inbox: Inbox,
  ) {
    super();
  }

  async add(reports: readonly ApiKeyUseReport[]): Promise<void> {
    const receptions = reports.map(({ messageId, tenantId }) => ({ id: messageId, tenantId }));
    const news = new Set(await this.inbox.claim(CONSUMER, receptions));
    // A batch may bring one report twice; deleting its id as it is counted lets the second pass by.
    const fresh = reports.filter(({ messageId }) => news.delete(messageId));
    const uses = fresh.flatMap(({ tenantId, uses }) => uses.map((use) => ({ ...use, tenantId })));
    if (uses.length === 0) return;
    await this.sql.query(ADD, [
      uses.map(({ tenantId }) => tenantId),
      uses.map(({ keyId }) => keyId),
      uses.map(({ count }) => count),
      uses.map(({ lastUsedAt }) => lastUsedAt),
    ]);
  }

  async forget(before: Date): Promise<void> {
    await this.inbox.purge(before);
  }
}
