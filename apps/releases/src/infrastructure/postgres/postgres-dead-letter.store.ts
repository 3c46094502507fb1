import { queues } from '@libs/contracts';
import { DeadLetters, SqlSession } from '@libs/database';
import { ReleaseId, TenantId, isUuid, newId } from '@libs/kernel';
import { DeadLetterStore, DeadRelease } from '../../application/redrive-releases';
import { OperatorDatabase } from './operator-database';
import { fingerprintOf } from '../sqs/queued-release';

const PENDING = 'from releases.dead_letter where source = $1 and redriven_at is null';

export class PostgresDeadLetterStore extends DeadLetterStore {
  constructor(
    private readonly operator: OperatorDatabase,
    private readonly sql: SqlSession,
    private readonly deadLetters: DeadLetters,
  ) {
    super();
  }

  async count(): Promise<number> {
    const [row] = await this.operator.query<{ count: number }>(`select count(*)::int as count ${PENDING}`, [
      queues.releases.name,
    ]);
    return row?.count ?? 0;
  }

  async tenants(): Promise<(TenantId | undefined)[]> {
    const rows = await this.operator.query<{ tenant_id: TenantId | null }>(
      `select distinct tenant_id ${PENDING}`,
      [queues.releases.name],
    );
    return rows.map((row) => row.tenant_id ?? undefined);
  }

  async take(tenantId: TenantId | undefined, before: Date, limit: number): Promise<DeadRelease[]> {
    const rows = await this.sql.query<{ id: string; payload: string }>(
      `select id, payload ${PENDING} and tenant_id is not distinct from $2::uuid and created_at <= $3
       order by id limit $4 for update skip locked`,
      [queues.releases.name, tenantId ?? null, before.toISOString(), limit],
    );
    return rows.map(({ id, payload }) => deadRelease(id, tenantId, payload));
  }

  async settle(letters: readonly DeadRelease[]): Promise<void> {
    await this.deadLetters.markRedriven(letters.map((letter) => letter.letterId));
    // read here, not by SQL: PostgreSQL's JSON refuses a NUL, which may be why the release was put aside
    const named = letters.filter((letter) => letter.tenantId !== undefined && letter.releaseId !== undefined);
    await this.sql.query(
      `delete from releases.rejection
       using unnest($1::uuid[], $2::uuid[], $3::text[]) as settled(tenant_id, release_id, input_hash)
       where rejection.tenant_id = settled.tenant_id and rejection.release_id = settled.release_id
         and rejection.input_hash = settled.input_hash`,
      [
        named.map((letter) => letter.tenantId),
        named.map((letter) => letter.releaseId),
        // none of ours holds a NUL, and PostgreSQL's text cannot
        named.map((letter) => letter.inputHash.replaceAll('\0', '')),
      ],
    );
  }
}

function deadRelease(letterId: string, tenantId: TenantId | undefined, payload: string): DeadRelease {
  const item: unknown = JSON.parse(payload);
  const { releaseId, inputHash, requestId } = (item ?? {}) as Record<string, unknown>;
  return {
    letterId,
    tenantId,
    releaseId: isUuid(releaseId) ? (releaseId as ReleaseId) : undefined,
    inputHash: typeof inputHash === 'string' ? inputHash : '',
    requestId: typeof requestId === 'string' ? requestId : newId(),
    payload,
    fingerprint: fingerprintOf(tenantId, item),
  };
}
