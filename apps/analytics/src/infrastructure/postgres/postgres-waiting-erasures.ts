import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { Completion, TenantId } from '@libs/kernel';
import { WaitingErasures } from '../../application/people/waiting-erasures';

interface Row {
  id: string;
  requested_by: string | null;
  erased: Record<string, number>;
}

@Injectable()
export class PostgresWaitingErasures extends WaitingErasures {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async complete(tenantId: TenantId, at: Date, only?: string): Promise<readonly Completion[]> {
    // One after the other: of an erasure that begins to wait and a last day that is made, the later one sees both.
    await this.sql.query(`select pg_advisory_xact_lock(hashtext('analytics.erasures'), hashtext($1))`, [
      tenantId,
    ]);
    const rows = await this.sql.query<Row>(
      `update analytics.erasure e set status = 'completed', completed_at = $2
       where e.tenant_id = $1 and e.status = 'running' and e.swept_at is not null and ($3::uuid is null or e.id = $3) and not exists
         (select from analytics.rebuild_day d where d.tenant_id = $1 and d.requested_at <= e.swept_at)
       returning e.id, e.requested_by, e.erased`,
      [tenantId, at.toISOString(), only ?? null],
    );
    return rows.map(({ id, requested_by, erased }) => ({
      tenantId,
      erasureId: id,
      requestedBy: requested_by ?? undefined,
      erased,
    }));
  }
}
