import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { RefreshingSnapshot, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Retention } from '../../application/retention';
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
  private bounds = { critical: 0, other: 0 };

  constructor(private readonly policy: RetentionPolicy) {}

  oldest(now: Date): { critical: number; other: number } {
    const at = now.getTime();
    if (at < this.from || at >= this.until) this.reckon(now);
    return this.bounds;
  }

  private reckon(now: Date): void {
    this.from = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
    this.until = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    const [critical, other] = [true, false].map((of) => this.policy.oldest(of, now).getTime()) as [
      number,
      number,
    ];
    this.bounds = { critical, other };
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

  oldest(tenantId: TenantId, now: Date): { critical: number; other: number } {
    return (this.own.get(tenantId) ?? this.others).oldest(now);
  }

  /** Looks now; never rejects: while the database is away the last look stands, and the sinks look for themselves. */
  refresh(): Promise<void> {
    return this.snapshot.refresh();
  }
}
