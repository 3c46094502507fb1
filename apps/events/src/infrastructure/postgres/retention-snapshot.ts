import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { logger } from '@libs/logging';
import { Retention } from '../../application/retention';
import { isCritical } from '../../domain/event-types';
import { RetentionPolicy } from '../../domain/retention-policy';
import { policyOf, RETENTION_COLUMNS, RetentionRow } from './postgres-retention-policies';

const INTERVAL_MS = 1_000;
const EVERYTHING = '0';

const log = logger('events.retention');

type Row = { horizon: string } & (RetentionRow | { tenant_id: null });

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

/** Every tenant's retention as this process last saw it, refreshed each second with what changed since. */
@Injectable()
export class RetentionSnapshot extends Retention implements OnModuleInit, OnApplicationShutdown {
  private readonly own = new Map<TenantId, Bounds>();
  private readonly others = new Bounds(RetentionPolicy.DEFAULT);
  /** The oldest transaction that might not have been visible last time. */
  private horizon = EVERYTHING;
  private timer?: NodeJS.Timeout;
  private refreshing?: Promise<void>;
  private away = false;

  constructor(private readonly sql: SqlSession) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.load(); // without it nobody could tell what is too old: better no process
    this.timer = setInterval(() => void this.refresh(), INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  oldest(tenantId: TenantId, eventType: string, now: Date): Date {
    return (this.own.get(tenantId) ?? this.others).oldest(isCritical(eventType), now);
  }

  /** Looks now; never rejects: while the database is away the last look stands, and the sinks look for themselves. */
  refresh(): Promise<void> {
    this.refreshing ??= this.load()
      .then(() => {
        if (this.away) log.info('retention is known freshly again');
        this.away = false;
      })
      .catch((error: unknown) => {
        // It may come back as another one, restored from a backup: then all of it is read again.
        this.horizon = EVERYTHING;
        if (!this.away) log.error({ err: error }, 'retention cannot be read');
        this.away = true;
      })
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  private async load(): Promise<void> {
    // By transaction ids, as a row's time or number would not tell what commits late. No row goes away, so none need be forgotten
    // unless the database is another one.
    const rows = await this.sql.query<Row>(
      `select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, ${RETENTION_COLUMNS}
       from (select 1) as always left join events.retention on changed_in >= $1::text::xid8`,
      [this.horizon],
    );
    if (this.horizon === EVERYTHING) this.own.clear();
    for (const row of rows)
      if (row.tenant_id !== null) this.own.set(row.tenant_id, new Bounds(policyOf(row)));
    this.horizon = rows[0]?.horizon ?? EVERYTHING;
  }
}
