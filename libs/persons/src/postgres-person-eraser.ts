import { SqlSession } from '@libs/database';
import { Completion } from '@libs/kernel';
import { Erasure } from './erasure';
import { HmacPersonMarks } from './hmac-person-marks';
import { PersonEraser } from './person-eraser';

/** A batch that is open for longer than this keeps the others waiting no further; the message then comes again. */
const FENCE_WAIT = '2s';

/** The part that every service has: its marks (`<schema>.erased_person`) and how far an erasure is (`<schema>.erasure`). */
export abstract class PostgresPersonEraser extends PersonEraser {
  constructor(
    protected readonly sql: SqlSession,
    private readonly marks: HmacPersonMarks,
    private readonly schema: string,
  ) {
    super();
  }

  async keepOut(erasures: readonly Erasure[]): Promise<void> {
    await this.sql.query(
      `insert into ${this.schema}.erased_person as known (tenant_id, person, erased_at)
       select tenant_id, decode(person, 'hex'), max(erased_at)
       from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as given (tenant_id, person, erased_at)
       group by 1, 2 order by 1, 2
       on conflict (tenant_id, person) do update set erased_at = greatest(known.erased_at, excluded.erased_at)`,
      [
        erasures.map(({ tenantId }) => tenantId),
        erasures.map(({ tenantId, userId }) => this.marks.of(tenantId, userId).toString('hex')),
        erasures.map(({ erasedAt }) => erasedAt.toISOString()),
      ],
    );
    // One that another service asked for has no row yet.
    await this.sql.query(
      `insert into ${this.schema}.erasure as known (tenant_id, id, status, erased_at)
       select distinct on (tenant_id, id) tenant_id, id, 'running', erased_at
       from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as given (tenant_id, id, erased_at)
       order by tenant_id, id
       on conflict (tenant_id, id) do update set status = 'running' where known.status = 'queued'`,
      [
        erasures.map(({ tenantId }) => tenantId),
        erasures.map(({ erasureId }) => erasureId),
        erasures.map(({ erasedAt }) => erasedAt.toISOString()),
      ],
    );
  }

  /** Every batch reads the marks before it writes, and so holds their table until it commits; alone here means after them. */
  async waitForBatches(): Promise<void> {
    await this.sql.query(`select set_config('lock_timeout', $1, true)`, [FENCE_WAIT]);
    await this.sql.query(`lock table ${this.schema}.erased_person in access exclusive mode`);
  }

  abstract override erase(erasure: Erasure, kind: string, most: number): Promise<number>;
  abstract override complete(erasure: Erasure, at: Date): Promise<Completion | undefined>;
}
