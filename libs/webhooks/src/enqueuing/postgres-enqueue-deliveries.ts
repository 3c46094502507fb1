import { committed, SqlSession } from '@libs/database';
import { EnqueueDeliveries, newId, NewDelivery, TenantId, wants } from '@libs/kernel';

type Addressed = NewDelivery & { webhookId: string };

interface Wanting {
  tenant_id: TenantId;
  id: string;
  events: string[];
  app_id: string | null;
}

/** Into `<schema>.webhook_delivery`. */
export class PostgresEnqueueDeliveries extends EnqueueDeliveries {
  constructor(
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {
    super();
  }

  async add(deliveries: readonly NewDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const addressed = [...deliveries.filter(isAddressed), ...(await this.addressOthers(deliveries))];
    const added = addressed.length > 0 ? await this.insert(addressed) : 0;
    if (added > 0) this.sql.afterCommit(() => committed(`${this.schema}.webhook_delivery`));
  }

  /** One for each webhook that wants it. */
  private async addressOthers(deliveries: readonly NewDelivery[]): Promise<Addressed[]> {
    const open = deliveries.filter((delivery) => !isAddressed(delivery));
    if (open.length === 0) return [];
    const webhooks = await this.sql.query<Wanting>(
      `select tenant_id, id, events, app_id from ${this.schema}.webhook
       where tenant_id = any($1::uuid[]) and status = 'active'`,
      [[...new Set(open.map(({ tenantId }) => tenantId))]],
    );
    return open.flatMap((delivery) =>
      webhooks
        .filter(({ tenant_id }) => tenant_id === delivery.tenantId)
        .filter(({ id, events, app_id }) =>
          wants({ webhookId: id, events, appId: app_id ?? undefined }, delivery.type, delivery.appId),
        )
        .map(({ id }) => ({ ...delivery, webhookId: id })),
    );
  }

  private async insert(deliveries: readonly Addressed[]): Promise<number> {
    const rows = deliveries.map(({ tenantId, webhookId, type, subject, subjectKey }) => ({
      tenant_id: tenantId,
      id: newId(),
      webhook_id: webhookId,
      type,
      subject,
      subject_key: subjectKey,
    }));
    // Only to webhooks that are there and active: the snapshot that the caller looked at is a moment old. In key order: two
    // transactions with the same ones wait for each other instead of deadlocking.
    const added = await this.sql.query(
      `insert into ${this.schema}.webhook_delivery (tenant_id, id, webhook_id, type, subject, subject_key)
       select d.tenant_id, d.id, d.webhook_id, d.type, d.subject, d.subject_key
       from json_to_recordset($1::text::json) as d (tenant_id uuid, id uuid, webhook_id uuid, type text, subject jsonb, subject_key text)
       join ${this.schema}.webhook w on w.tenant_id = d.tenant_id and w.id = d.webhook_id and w.status = 'active'
       order by d.tenant_id, d.webhook_id, d.subject_key
       on conflict (tenant_id, webhook_id, subject_key) do nothing returning 1`,
      [JSON.stringify(rows)],
    );
    return added.length;
  }
}

function isAddressed(delivery: NewDelivery): delivery is Addressed {
  return delivery.webhookId !== undefined;
}
