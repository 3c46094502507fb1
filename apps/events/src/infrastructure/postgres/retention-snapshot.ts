import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { RefreshingSnapshot, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Retention } from '../../application/retention';
import { isCritical } from '../../domain/event-types';
import { RetentionPolicy } from '../../domain/retention-policy';
import { policyOf, RETENTION_COLUMNS, RetentionRow } from './postgres-retention-policies';

const SNAPSHOT = {
  table: 'events.retention',
  columns: RETENTION_COLUMNS,
  everyMs: 1_000,
  log: 'events.retention',
};

/** A policy's two bounds, which change with the month only. */
class Bounds {
  private from = 0;
  private until = 0;
  private bound = new Date(0);
  private criticalBound = new Date(0);

  constructor(private readonly policy: RetentionPolicy) {}

  oldest(critical: boolean, now: Date): Date {
    const at = now.getTime();
    if (at < this.from || at >= this.until) this.reckon(now);
    return critical ? this.criticalBound : this.bound;
  }

  private reckon(now: Date): void {
    this.from = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
    this.until = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    this.bound = this.policy.oldest(false, now);
    this.criticalBound = this.policy.oldest(true, now);
  }
}

/** Every tenant's retention as this process last saw it, refreshed each second. */
@Injectable()
export class RetentionSnapshot extends Retention implements OnModuleInit, OnApplicationShutdown {
  private readonly own = new Map<TenantId, Bounds>();
  private readonly others = new Bounds(RetentionPolicy.DEFAULT);
  private readonly snapshot: RefreshingSnapshot<RetentionRow>;

  constructor(sql: SqlSession) {
    super();
    this.snapshot = new RefreshingSnapshot<RetentionRow>(sql, SNAPSHOT, (rows, all) => {
      if (all) this.own.clear();
      for (const row of rows) this.own.set(row.tenant_id, new Bounds(policyOf(row)));
    });
  }

  /** Without a first look nobody could tell what is too old. */
  onModuleInit(): Promise<void> {
    return this.snapshot.start();
  }

  onApplicationShutdown(): void {
    this.snapshot.stop();
  }

  oldest(tenantId: TenantId, eventType: string, now: Date): Date {
    return (this.own.get(tenantId) ?? this.others).oldest(isCritical(eventType), now);
  }

  /** Looks now; never rejects: while the database is away the last look stands, and the sinks look for themselves. */
  refresh(): Promise<void> {
    return this.snapshot.refresh();
  }
}
