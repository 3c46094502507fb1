import { setImmediate as others } from 'node:timers/promises';
import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantOrigins } from '@libs/http';
import { TenantId } from '@libs/kernel';
import { logger } from '@libs/logging';
import { HostName, HostNames } from './host-names';
import { KnownTenant, TenantIndex } from './tenant-index';

const INTERVAL_MS = 500;
const EVERYTHING = '0';
/** So many at once; then requests have their turn. */
const AT_ONCE = 2_000;

const log = logger('security');

interface Row {
  horizon: string;
  tenant_id: TenantId | null;
  subdomain: string;
  status: KnownTenant['status'];
  origins: string[];
  domains: string[];
  default_app_id: string | null;
}

/**
 * Every tenant as this process last saw `<schema>.tenant_directory`, refreshed every 500 ms with what changed since, so
 * that no request waits for it. A tenant that is not in it yet is an active one without hosts and origins.
 */
@Injectable()
export class TenantDirectory extends TenantOrigins implements OnModuleInit, OnApplicationShutdown {
  private index = new TenantIndex();
  /** The oldest transaction that might not have been visible last time. */
  private horizon = EVERYTHING;
  private timer?: NodeJS.Timeout;
  private refreshing?: Promise<void>;
  private away = false;

  constructor(
    private readonly sql: SqlSession,
    private readonly schema: string,
    private readonly hosts: HostNames,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.load(); // without it nobody could tell a suspended tenant: better no process
    this.timer = setInterval(() => void this.refresh(), INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  byId(tenantId: string): KnownTenant | undefined {
    return this.index.byId(tenantId);
  }

  isSuspended(tenantId: string): boolean {
    return this.index.byId(tenantId)?.status === 'suspended';
  }

  /** How the platform reads a `Host`. */
  readHost(host: string): HostName {
    return this.hosts.of(host);
  }

  /** The tenant whose host it is; undefined for a neutral host and for nobody's. */
  tenantOf(host: HostName): KnownTenant | undefined {
    if (host.kind === 'subdomain') return this.index.bySubdomain(host.name);
    return host.kind === 'domain' ? this.index.byDomain(host.name) : undefined;
  }

  isRegistered(origin: string): boolean {
    for (const tenant of this.index.withOrigin(origin) ?? []) if (tenant.status === 'active') return true;
    return false;
  }

  isOf(tenantId: string, origin: string): boolean {
    const tenant = this.index.byId(tenantId);
    return tenant?.status === 'active' && tenant.origins.includes(origin);
  }

  /** Looks now; never rejects: while the database is away the last look stands. */
  refresh(): Promise<void> {
    this.refreshing ??= this.load()
      .then(() => {
        if (this.away) log.info('the directory of tenants is fresh again');
        this.away = false;
      })
      .catch((error: unknown) => {
        // It may come back as another one, restored from a backup: then all of it is read again.
        this.horizon = EVERYTHING;
        if (!this.away) log.error({ err: error }, 'the directory of tenants cannot be read');
        this.away = true;
      })
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  private async load(): Promise<void> {
    // What commits later has a transaction id from the horizon on, however long it ran; a time or a sequence would not
    // tell. Rows between the horizon and now come again next time, which does no harm.
    const rows = await this.sql.query<Row>(
      `select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, tenant_id, subdomain, status, origins, domains,
         default_app_id
       from (select 1) as always left join ${this.schema}.tenant_directory on changed_in >= $1::text::xid8`,
      [this.horizon],
    );
    const index = this.horizon === EVERYTHING ? new TenantIndex() : this.index;
    for (const [at, row] of rows.entries()) {
      if (row.tenant_id !== null) index.put(knownTenant(row, row.tenant_id));
      if (at % AT_ONCE === AT_ONCE - 1) await others();
    }
    this.index = index;
    this.horizon = rows[0]?.horizon ?? EVERYTHING;
  }
}

function knownTenant(row: Row, id: TenantId): KnownTenant {
  const { subdomain, status, origins, domains } = row;
  return { id, subdomain, status, origins, domains, defaultAppId: row.default_app_id ?? undefined };
}
