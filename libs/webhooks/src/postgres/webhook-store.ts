import { committed, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Webhook, WebhookStatus } from '../webhook';

export interface NewWebhook {
  tenantId: TenantId;
  id: string;
  url: string;
  description?: string;
  events: readonly string[];
  appId?: string;
  createdBy: string;
  sealedSecret: string;
}

export interface WebhookChange {
  url?: string;
  description?: string;
  events?: readonly string[];
  status?: WebhookStatus;
}

interface WebhookRow {
  tenant_id: TenantId;
  id: string;
  url: string;
  description: string | null;
  events: string[];
  app_id: string | null;
  status: WebhookStatus;
  disabled_reason: Webhook['disabledReason'] | null;
  failures: number;
  failing_since: Date | null;
  previous_until: Date | null;
  created_by: string;
  created_at: Date;
}

const COLUMNS = `tenant_id, id, url, description, events, app_id, status, disabled_reason, failures, failing_since,
  case when previous_until > clock_timestamp() then previous_until end as previous_until, created_by, created_at`;

/** `<schema>.webhook`, of the open transaction's tenant. */
export class WebhookStore {
  private readonly table: string;

  constructor(
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {
    this.table = `${schema}.webhook`;
  }

  /** Until the transaction ends nobody else counts or registers this tenant's. */
  async countAlone(tenantId: TenantId): Promise<number> {
    await this.sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${this.table} ${tenantId}`,
    ]);
    const [row] = await this.sql.query<{ webhooks: number }>(
      `select count(*)::integer as webhooks from ${this.table} where tenant_id = $1 and status <> 'removed'`,
      [tenantId],
    );
    return row?.webhooks ?? 0;
  }

  async add({
    tenantId,
    id,
    url,
    description,
    events,
    appId,
    createdBy,
    sealedSecret,
  }: NewWebhook): Promise<Webhook> {
    const [row] = await this.sql.query<WebhookRow>(
      `insert into ${this.table} (tenant_id, id, url, description, events, app_id, created_by, secret)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
      [tenantId, id, url, description, events, appId, createdBy, sealedSecret],
    );
    return webhookOf(row as WebhookRow);
  }

  /** Oldest first. */
  async list(tenantId: TenantId, after: string | undefined, limit: number): Promise<Webhook[]> {
    const rows = await this.sql.query<WebhookRow>(
      `select ${COLUMNS} from ${this.table}
       where tenant_id = $1 and status <> 'removed' and ($2::uuid is null or id > $2) order by id limit $3`,
      [tenantId, after, limit],
    );
    return rows.map(webhookOf);
  }

  async find(tenantId: TenantId, id: string): Promise<Webhook | undefined> {
    const [row] = await this.sql.query<WebhookRow>(
      `select ${COLUMNS} from ${this.table} where tenant_id = $1 and id = $2 and status <> 'removed'`,
      [tenantId, id],
    );
    return row && webhookOf(row);
  }

  /** Whatever is changed, a new address or a new start forgets the failures of before. */
  async change(tenantId: TenantId, id: string, change: WebhookChange): Promise<Webhook | undefined> {
    const { url, description, events, status } = change;
    const startsAgain = url !== undefined || status === 'active';
    const [row] = await this.sql.query<WebhookRow>(
      `update ${this.table} set
         url = coalesce($3, url), description = coalesce($4, description), events = coalesce($5, events),
         status = coalesce($6, status), changed_in = pg_current_xact_id(),
         disabled_reason = case when $6::text is null then disabled_reason end,
         failures = case when $7 then 0 else failures end,
         failing_since = case when $7 then null else failing_since end,
         resting_until = case when $7 then null else resting_until end
       where tenant_id = $1 and id = $2 and status <> 'removed' returning ${COLUMNS}`,
      [tenantId, id, url, description, events, status, startsAgain],
    );
    if (startsAgain) this.sql.afterCommit(() => committed(`${this.schema}.webhook_delivery`));
    return row && webhookOf(row);
  }

  /** Somebody wants something sent now: it is not left alone any longer, however often it failed. @returns undefined where there is none */
  async wakeUp(tenantId: TenantId, id: string): Promise<Webhook | undefined> {
    const [row] = await this.sql.query<WebhookRow>(
      `update ${this.table} set resting_until = null where tenant_id = $1 and id = $2 and status <> 'removed'
       returning ${COLUMNS}`,
      [tenantId, id],
    );
    return row && webhookOf(row);
  }

  /** The row stays for a while, so that every process sees that it is gone; what it knew of the receiver goes at once. */
  async remove(tenantId: TenantId, id: string): Promise<boolean> {
    const rows = await this.sql.query(
      `update ${this.table} set status = 'removed', url = '', description = null, secret = '', previous_secret = null,
         previous_until = null, removed_at = clock_timestamp(), changed_in = pg_current_xact_id()
       where tenant_id = $1 and id = $2 and status <> 'removed' returning id`,
      [tenantId, id],
    );
    return rows.length > 0;
  }

  async rotate(
    tenantId: TenantId,
    id: string,
    sealedSecret: string,
    overlapHours: number,
  ): Promise<Webhook | undefined> {
    const [row] = await this.sql.query<WebhookRow>(
      `update ${this.table} set secret = $3, previous_secret = case when $4 > 0 then secret end,
         previous_until = case when $4 > 0 then clock_timestamp() + make_interval(hours => $4) end
       where tenant_id = $1 and id = $2 and status <> 'removed' returning ${COLUMNS}`,
      [tenantId, id, sealedSecret, overlapHours],
    );
    return row && webhookOf(row);
  }
}

function webhookOf(row: WebhookRow): Webhook {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    url: row.url,
    description: row.description ?? undefined,
    events: row.events,
    appId: row.app_id ?? undefined,
    status: row.status,
    disabledReason: row.disabled_reason ?? undefined,
    failures: row.failures,
    failingSince: row.failing_since ?? undefined,
    previousSecretUntil: row.previous_until ?? undefined,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
