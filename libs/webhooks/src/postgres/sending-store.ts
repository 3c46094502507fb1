import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { SendOutcome } from '../sending/webhook-sender';
import { DisabledReason } from '../webhook';

const LEASE = '60 seconds';
/** After this many failures in a row a receiver is left alone, for 10 s at first and 5 min in the end, and tried with one delivery. */
const LEFT_ALONE_FROM = 3;

export interface Claim {
  tenantId: TenantId;
  id: string;
  /** Which try this is, ever: another number means that the lease has gone to somebody else. */
  attempt: number;
  /** Its receiver failed the last time, or was slow. */
  suspect: boolean;
}

export interface ClaimedDelivery extends Claim {
  webhookId: string;
  type: string;
  subject: unknown;
  step: number;
  createdAt: Date;
  url: string;
  webhookStatus: 'active' | 'paused' | 'disabled' | 'removed';
  sealedSecrets: string[];
}

export interface Mark {
  status: 'waiting' | 'delivered' | 'failed' | 'cancelled';
  reason?: string;
  delaySeconds?: number;
  /** What came of it; absent where nothing was sent. */
  outcome?: SendOutcome;
}

interface DeliveryRow {
  id: string;
  webhook_id: string;
  type: string;
  subject: unknown;
  step: number;
  created_at: Date;
  url: string;
  webhook_status: ClaimedDelivery['webhookStatus'];
  secrets: string[];
}

/** The worker's SQL: takes deliveries across tenants by their ids, and everything else as their own tenants'. */
export class SendingStore {
  constructor(
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {}

  /** @param suspects most of receivers that failed the last time, or were slow */
  async claim(most: number, perWebhook: number, suspects: number): Promise<Claim[]> {
    const rows = await this.sql.query<{
      tenant_id: TenantId;
      id: string;
      attempts: number;
      suspect: boolean;
    }>(
      `select tenant_id, id, attempts, suspect from ${this.schema}.claim_webhook_deliveries($1, $2, $3, '${LEASE}')`,
      [most, perWebhook, suspects],
    );
    return rows.map(({ tenant_id, id, attempts, suspect }) => ({
      tenantId: tenant_id,
      id,
      attempt: attempts,
      suspect,
    }));
  }

  /** Undefined where the claim is no longer ours. */
  async load(claim: Claim): Promise<ClaimedDelivery | undefined> {
    const [row] = await this.sql.query<DeliveryRow>(
      `select d.id, d.webhook_id, d.type, d.subject, d.step, d.created_at, w.url, w.status as webhook_status,
         array_remove(array[w.secret, case when w.previous_until > clock_timestamp() then w.previous_secret end], null) as secrets
       from ${this.schema}.webhook_delivery d join ${this.schema}.webhook w on w.tenant_id = d.tenant_id and w.id = d.webhook_id
       where d.tenant_id = $1 and d.id = $2 and d.attempts = $3 and d.status = 'waiting'`,
      [claim.tenantId, claim.id, claim.attempt],
    );
    return (
      row && {
        ...claim,
        webhookId: row.webhook_id,
        type: row.type,
        subject: row.subject,
        step: row.step,
        createdAt: row.created_at,
        url: row.url,
        webhookStatus: row.webhook_status,
        sealedSecrets: row.secrets,
      }
    );
  }

  /** @returns whether the claim was still ours */
  async mark(
    { tenantId, id, attempt }: Claim,
    { status, reason, delaySeconds, outcome }: Mark,
  ): Promise<boolean> {
    const rows = await this.sql.query(
      `with marked as (
         update ${this.schema}.webhook_delivery set status = $4, reason = $5, lease_until = null,
           step = step + case when $4 = 'waiting' then 1 else 0 end,
           next_try_at = case when $4 = 'waiting' then clock_timestamp() + make_interval(secs => $6) else next_try_at end,
           finished_at = case when $4 <> 'waiting' then clock_timestamp() end
         where tenant_id = $1 and id = $2 and attempts = $3 and status = 'waiting' returning 1
       ), told as (
         insert into ${this.schema}.webhook_attempt (tenant_id, delivery_id, attempt, at, duration_ms, http_status, error, answer)
         select $1, $2, $3, $7, $8, $9, $10, $11 from marked where $7::timestamptz is not null
       )
       select 1 from marked`,
      [
        tenantId,
        id,
        attempt,
        status,
        reason,
        delaySeconds ?? 0,
        outcome?.at.toISOString(),
        outcome?.durationMs,
        outcome?.httpStatus,
        outcome?.error,
        outcome?.answer,
      ],
    );
    return rows.length > 0;
  }

  /** Not sent, and not the receiver's fault: free again after a pause, and no try of the schedule. */
  async giveBack({ tenantId, id, attempt }: Claim, pauseSeconds: number): Promise<void> {
    await this.sql.query(
      `update ${this.schema}.webhook_delivery
       set lease_until = null, next_try_at = clock_timestamp() + make_interval(secs => $4)
       where tenant_id = $1 and id = $2 and attempts = $3 and status = 'waiting'`,
      [tenantId, id, attempt, pauseSeconds],
    );
  }

  /** @param slow whether it took so long that it must not keep others waiting */
  async succeeded(tenantId: TenantId, webhookId: string, slow: boolean): Promise<void> {
    await this.sql.query(
      `update ${this.schema}.webhook set failures = 0, failing_since = null, resting_until = null, slow = $3
       where tenant_id = $1 and id = $2 and (failures > 0 or slow <> $3)`,
      [tenantId, webhookId, slow],
    );
  }

  /** Counts a failure, and gives up where there have been nothing but failures for three days. @returns why it was disabled */
  async refused(
    tenantId: TenantId,
    webhookId: string,
    { gone, restSeconds }: { gone: boolean; restSeconds?: number },
  ): Promise<DisabledReason | undefined> {
    const [row] = await this.sql.query<{ disabled_reason: DisabledReason | null }>(
      `with verdict as (
         select case when $3 then 'gone' when failing_since < clock_timestamp() - interval '3 days' then 'failing' end as reason
         from ${this.schema}.webhook where tenant_id = $1 and id = $2
       )
       update ${this.schema}.webhook w set
         failures = w.failures + 1, failing_since = coalesce(w.failing_since, clock_timestamp()),
         resting_until = nullif(greatest(
           case when w.failures + 1 >= ${LEFT_ALONE_FROM}
             then clock_timestamp() + least(10 * 2 ^ least(w.failures + 1 - ${LEFT_ALONE_FROM}, 10), 300) * interval '1 second' end,
           clock_timestamp() + make_interval(secs => $4), '-infinity'), '-infinity'),
         status = case when verdict.reason is null then w.status else 'disabled' end,
         disabled_reason = coalesce(verdict.reason, w.disabled_reason),
         changed_in = case when verdict.reason is null then w.changed_in else pg_current_xact_id() end
       from verdict where w.tenant_id = $1 and w.id = $2 and w.status = 'active'
       returning disabled_reason`,
      [tenantId, webhookId, gone, restSeconds],
    );
    return row?.disabled_reason ?? undefined;
  }

  async backlog(): Promise<{ waiting: number; oldest?: Date }> {
    const [row] = await this.sql.query<{ waiting: string; oldest: Date | null }>(
      `select waiting, oldest from ${this.schema}.webhook_backlog()`,
    );
    return { waiting: Number(row?.waiting ?? 0), oldest: row?.oldest ?? undefined };
  }

  /** @returns how many deliveries went */
  async purge(most: number): Promise<number> {
    const [row] = await this.sql.query<{ gone: number }>(
      `select ${this.schema}.purge_webhook_log($1) as gone`,
      [most],
    );
    return row?.gone ?? 0;
  }
}
