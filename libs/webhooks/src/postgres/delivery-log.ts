import { committed, Conditions, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Attempt, Delivery, DeliveryStatus } from '../webhook';

/** Sent again by one request. */
export const MOST_REPLAYED = 10_000;

export interface DeliveryFilter {
  webhookId: string;
  status?: DeliveryStatus;
  /** Older than the delivery with this id. */
  before?: string;
}

interface DeliveryRow {
  id: string;
  webhook_id: string;
  type: string;
  status: DeliveryStatus;
  reason: string | null;
  attempts: number;
  next_try_at: Date;
  created_at: Date;
  finished_at: Date | null;
}

interface AttemptRow {
  attempt: number;
  at: Date;
  duration_ms: number;
  http_status: number | null;
  error: string | null;
  answer: string | null;
}

const COLUMNS =
  'id, webhook_id, type, status, reason, attempts, greatest(next_try_at, created_at) as next_try_at, created_at, finished_at';
const AGAIN = `status = 'waiting', step = 0, lease_until = null, finished_at = null, reason = null`;
/** Before all that waits: somebody looks on. */
const FIRST_OF_ALL = 'to_timestamp(0)';

/** `<schema>.webhook_delivery` and its tries, as a person looks at them, of the open transaction's tenant. */
export class DeliveryLog {
  private readonly table: string;

  constructor(
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {
    this.table = `${schema}.webhook_delivery`;
  }

  /** Newest first. */
  async list(tenantId: TenantId, filter: DeliveryFilter, limit: number): Promise<Delivery[]> {
    const conditions = new Conditions()
      .where((place) => `tenant_id = ${place}`, tenantId)
      .where((place) => `webhook_id = ${place}`, filter.webhookId)
      .where((place) => `status = ${place}`, filter.status)
      .where((place) => `id < ${place}`, filter.before);
    const most = conditions.place(limit);
    const rows = await this.sql.query<DeliveryRow>(
      `select ${COLUMNS} from ${this.table} where ${conditions.sql} order by id desc limit ${most}`,
      conditions.params,
    );
    return rows.map(deliveryOf);
  }

  async find(tenantId: TenantId, webhookId: string, id: string): Promise<Delivery | undefined> {
    const [row] = await this.sql.query<DeliveryRow>(
      `select ${COLUMNS} from ${this.table} where tenant_id = $1 and webhook_id = $2 and id = $3`,
      [tenantId, webhookId, id],
    );
    return row && deliveryOf(row);
  }

  async attempts(tenantId: TenantId, deliveryId: string): Promise<Attempt[]> {
    const rows = await this.sql.query<AttemptRow>(
      `select attempt, at, duration_ms, http_status, error, answer from ${this.schema}.webhook_attempt
       where tenant_id = $1 and delivery_id = $2 order by attempt`,
      [tenantId, deliveryId],
    );
    return rows.map((row) => ({
      attempt: row.attempt,
      at: row.at,
      durationMs: row.duration_ms,
      httpStatus: row.http_status ?? undefined,
      error: row.error ?? undefined,
      answer: row.answer ?? undefined,
    }));
  }

  async addTest(tenantId: TenantId, webhookId: string, id: string, type: string): Promise<void> {
    await this.sql.query(
      `insert into ${this.table} (tenant_id, id, webhook_id, type, subject, subject_key, next_try_at)
       values ($1, $2, $3, $4, '{}', $5, ${FIRST_OF_ALL})`,
      [tenantId, id, webhookId, type, `${type}:${id}`],
    );
    this.wakeSenders();
  }

  /** Due at once, with the whole schedule before it. One that is being sent goes on as it is. */
  async replay(tenantId: TenantId, id: string): Promise<void> {
    await this.sql.query(
      `update ${this.table} set ${AGAIN}, next_try_at = ${FIRST_OF_ALL}
       where tenant_id = $1 and id = $2 and (lease_until is null or lease_until < clock_timestamp())`,
      [tenantId, id],
    );
    this.wakeSenders();
  }

  /** Of those that were made since then. @returns how many; MOST_REPLAYED: there may be more */
  async replayFailed(tenantId: TenantId, webhookId: string, since: Date): Promise<number> {
    const rows = await this.sql.query(
      `update ${this.table} set ${AGAIN}, next_try_at = clock_timestamp()
       where tenant_id = $1 and id in (
         select id from ${this.table}
         where tenant_id = $1 and webhook_id = $2 and status = 'failed' and created_at >= $3 order by id limit $4)
         and status = 'failed' returning 1`,
      [tenantId, webhookId, since.toISOString(), MOST_REPLAYED],
    );
    if (rows.length > 0) this.wakeSenders();
    return rows.length;
  }

  private wakeSenders(): void {
    this.sql.afterCommit(() => committed(this.table));
  }
}

function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    type: row.type,
    status: row.status,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
    nextTryAt: row.status === 'waiting' ? row.next_try_at : undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
  };
}
