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
  webhookId: string;
  /** Which of the webhook's lanes it is in. */
  lane: number;
  /** Its receiver failed the last time, or was slow. */
  suspect: boolean;
  /** Since when it could have been claimed, as PostgreSQL writes it. */
  dueAt: string;
}

export interface ClaimedDelivery extends Claim {
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

interface ClaimRow {
  tenant_id: TenantId;
  id: string;
  webhook_id: string;
  lane: number;
  attempts: number;
  suspect: boolean;
  due_at: string;
}

interface DeliveryRow {
  id: string;
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

  /**
   * @param most lanes
   * @param suspects most of receivers that failed the last time, or were slow; of these a lane is one delivery
   * @param depth most deliveries in a lane
   * @returns deliveries of all the lanes, each lane's in their order
   */
  async claim(most: number, perWebhook: number, suspects: number, depth: number): Promise<Claim[]> {
    const rows = await this.sql.query<ClaimRow>(
      `select tenant_id, id, webhook_id, lane, attempts, suspect, due_at::text
       from ${this.schema}.claim_webhook_lanes($1, $2, $3, $4, '${LEASE}')`,
      [most, perWebhook, suspects, depth],
    );
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      id: row.id,
      webhookId: row.webhook_id,
      lane: row.lane,
      attempt: row.attempts,
      suspect: row.suspect,
      dueAt: row.due_at,
    }));
  }

  /** Undefined where the claim is no longer ours. */
  async load(claim: Claim): Promise<ClaimedDelivery | undefined> {
    const [row] = await this.sql.query<DeliveryRow>(
      `select d.id, d.type, d.subject, d.step, d.created_at, w.url, w.status as webhook_status,
         array_remove(array[w.secret, case when w.previous_until > clock_timestamp() then w.previous_secret end], null) as secrets
       from ${this.schema}.webhook_delivery d join ${this.schema}.webhook w on w.tenant_id = d.tenant_id and w.id = d.webhook_id
       where d.tenant_id = $1 and d.id = $2 and d.attempts = $3 and d.status = 'waiting'`,
      [claim.tenantId, claim.id, claim.attempt],
    );
    return (
      row && {
        ...claim,
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

  /** One statement. @returns the places of those whose claim was still ours */
  async mark(results: readonly { claim: Claim; mark: Mark }[]): Promise<Set<number>> {
    const rows = await this.sql.query<{ place: number }>(
      `with result as materialized (
         select * from json_to_recordset($1::text::json) as r (place integer, tenant_id uuid, id uuid, attempt integer, status text,
           reason text, delay double precision, at timestamptz, duration_ms integer, http_status integer, error text, answer text)
       ), marked as (
         update ${this.schema}.webhook_delivery d set status = r.status, reason = r.reason, lease_until = null, lane = null,
           step = step + case when r.status = 'waiting' then 1 else 0 end,
           next_try_at = case when r.status = 'waiting' then clock_timestamp() + make_interval(secs => r.delay) else next_try_at end,
           finished_at = case when r.status <> 'waiting' then clock_timestamp() end
         from result r
         where d.tenant_id = r.tenant_id and d.id = r.id and d.attempts = r.attempt and d.status = 'waiting' returning r.place
       ), told as (
         insert into ${this.schema}.webhook_attempt (tenant_id, delivery_id, attempt, at, duration_ms, http_status, error, answer)
         select r.tenant_id, r.id, r.attempt, r.at, r.duration_ms, r.http_status, r.error, r.answer
         from result r join marked using (place) where r.at is not null
       )
       select place from marked`,
      [JSON.stringify(results.map(rowOf))],
    );
    return new Set(rows.map(({ place }) => place));
  }

  /** Not sent, and not the receiver's fault: free again after a pause, and no try of the schedule. */
  async giveBack({ tenantId, id, attempt }: Claim, pauseSeconds: number): Promise<void> {
    await this.sql.query(
      `update ${this.schema}.webhook_delivery
       set lease_until = null, lane = null, next_try_at = clock_timestamp() + make_interval(secs => $4)
       where tenant_id = $1 and id = $2 and attempts = $3 and status = 'waiting'`,
      [tenantId, id, attempt, pauseSeconds],
    );
  }

  /** Of one tenant; nothing of it was begun, so none of it counts as a try, and each has the place in the line that it had. */
  async putBack(claims: readonly Claim[]): Promise<void> {
    const rows = claims.map(({ tenantId, id, attempt, dueAt }) => ({ tenantId, id, attempt, dueAt }));
    await this.sql.query(
      `update ${this.schema}.webhook_delivery d
       set lease_until = null, lane = null, attempts = d.attempts - 1, next_try_at = c."dueAt"
       from json_to_recordset($1::text::json) as c ("tenantId" uuid, id uuid, attempt integer, "dueAt" timestamptz)
       where d.tenant_id = c."tenantId" and d.id = c.id and d.attempts = c.attempt and d.status = 'waiting'`,
      [JSON.stringify(rows)],
    );
  }

  /** One statement. @param taken by whom; `slow`: it took so long that it must not keep others waiting */
  async succeeded(taken: readonly { tenantId: TenantId; webhookId: string; slow: boolean }[]): Promise<void> {
    if (taken.length === 0) return;
    // of several the last says
    const last = new Map(
      taken.map(({ tenantId, webhookId, slow }) => [webhookId, { tenantId, webhookId, slow }]),
    );
    await this.sql.query(
      `with taken as (
         select w.tenant_id, w.id, t.slow
         from json_to_recordset($1::text::json) as t ("tenantId" uuid, "webhookId" uuid, slow boolean)
         join ${this.schema}.webhook w on w.tenant_id = t."tenantId" and w.id = t."webhookId" and (w.failures > 0 or w.slow <> t.slow)
         order by w.id for update of w
       )
       update ${this.schema}.webhook w set failures = 0, failing_since = null, resting_until = null, slow = taken.slow
       from taken where w.tenant_id = taken.tenant_id and w.id = taken.id`,
      [JSON.stringify([...last.values()])],
    );
  }

  /** Counts a failure, and gives up where there have been nothing but failures for three days. @returns of one that was disabled by it, why */
  async refused(
    { tenantId, webhookId }: { tenantId: TenantId; webhookId: string },
    { gone, restSeconds }: { gone: boolean; restSeconds?: number },
  ): Promise<{ url: string; reason: DisabledReason } | undefined> {
    const [row] = await this.sql.query<{ url: string; disabled_reason: DisabledReason | null }>(
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
       returning url, disabled_reason`,
      [tenantId, webhookId, gone, restSeconds],
    );
    return row?.disabled_reason ? { url: row.url, reason: row.disabled_reason } : undefined;
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

function rowOf({ claim, mark }: { claim: Claim; mark: Mark }, place: number): object {
  const { tenantId, id, attempt } = claim;
  const { status, reason, delaySeconds = 0, outcome } = mark;
  return {
    place,
    tenant_id: tenantId,
    id,
    attempt,
    status,
    reason,
    delay: delaySeconds,
    at: outcome?.at.toISOString(),
    duration_ms: outcome?.durationMs,
    http_status: outcome?.httpStatus,
    error: outcome?.error,
    answer: outcome?.answer,
  };
}
