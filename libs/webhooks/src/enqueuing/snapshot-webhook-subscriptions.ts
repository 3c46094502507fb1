import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { RefreshingSnapshot, SqlSession } from '@libs/database';
import { Subscription, TenantId, WebhookSubscriptions } from '@libs/kernel';

const INTERVAL_MS = 1_000;
const NONE: readonly Subscription[] = [];

interface SubscriptionRow {
  tenant_id: TenantId;
  webhook_id: string;
  events: string[];
  app_id: string | null;
  active: boolean;
}

/** `<schema>.webhook_subscription` as this process last saw it. */
export class SnapshotWebhookSubscriptions
  extends WebhookSubscriptions
  implements OnModuleInit, OnApplicationShutdown
{
  private tenants = new Map<TenantId, readonly Subscription[]>();
  private readonly snapshot: RefreshingSnapshot<SubscriptionRow>;

  constructor(sql: SqlSession, schema: string) {
    super();
    const of = {
      table: `${schema}.webhook_subscription`,
      columns: 'tenant_id, webhook_id, events, app_id, active',
      everyMs: INTERVAL_MS,
      log: `${schema}.webhooks`,
    };
    this.snapshot = new RefreshingSnapshot<SubscriptionRow>(sql, of, (rows, all) => this.keep(rows, all));
  }

  onModuleInit(): Promise<void> {
    return this.snapshot.start();
  }

  onApplicationShutdown(): void {
    this.snapshot.stop();
  }

  of(tenantId: TenantId): readonly Subscription[] {
    return this.tenants.get(tenantId) ?? NONE;
  }

  /** Looks now, without waiting for the next second. */
  refresh(): Promise<void> {
    return this.snapshot.refresh();
  }

  private keep(rows: readonly SubscriptionRow[], all: boolean): void {
    if (all) this.tenants = new Map();
    for (const { tenant_id, webhook_id, events, app_id, active } of rows) {
      const others = this.of(tenant_id).filter(({ webhookId }) => webhookId !== webhook_id);
      const mine = active ? [{ webhookId: webhook_id, events, appId: app_id ?? undefined }] : [];
      if (others.length + mine.length > 0) this.tenants.set(tenant_id, [...others, ...mine]);
      else this.tenants.delete(tenant_id);
    }
  }
}
