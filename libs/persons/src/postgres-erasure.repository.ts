import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Erasure, ErasureState } from './erasure';
import { ErasureRepository, ErasureView } from './erasure.repository';

interface ErasureRow {
  status: ErasureState;
  requested_at: Date;
  erased_at: Date;
  completed_at: Date | null;
  erased: Record<string, number>;
}

/** `<schema>.erasure`. */
export class PostgresErasureRepository extends ErasureRepository {
  constructor(
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {
    super();
  }

  async add({ tenantId, erasureId, erasedAt }: Erasure, requestedBy: string): Promise<void> {
    await this.sql.query(
      `insert into ${this.schema}.erasure (tenant_id, id, requested_at, requested_by, erased_at) values ($1, $2, $3, $4, $3)`,
      [tenantId, erasureId, erasedAt, requestedBy],
    );
  }

  async find(tenantId: TenantId, erasureId: string): Promise<ErasureView | undefined> {
    const [row] = await this.sql.query<ErasureRow>(
      `select status, requested_at, erased_at, completed_at, erased from ${this.schema}.erasure
       where tenant_id = $1 and id = $2`,
      [tenantId, erasureId],
    );
    return (
      row && {
        erasureId,
        status: row.status,
        requestedAt: row.requested_at,
        erasedAt: row.erased_at,
        completedAt: row.completed_at,
        erased: row.erased,
      }
    );
  }
}
