import { setImmediate as others } from 'node:timers/promises';
import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { RefreshingSnapshot, SqlSession } from '@libs/database';
import { TenantOrigins } from '@libs/http';
import { TenantId } from '@libs/kernel';
import { HostName, HostNames } from './host-names';
import { KnownTenant, TenantIndex } from './tenant-index';

const INTERVAL_MS = 500;
/** So many at once; then requests have their turn. */
const AT_ONCE = 2_000;

interface Row {
  tenant_id: TenantId;
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
  private readonly snapshot: RefreshingSnapshot<Row>;

  constructor(
    sql: SqlSession,
    schema: string,
    private readonly hosts: HostNames,
  ) {
    super();
    this.snapshot = new RefreshingSnapshot<Row>(
      sql,
      {
        table: `${schema}.tenant_directory`,
        columns: 'tenant_id, subdomain, status, origins, domains, default_app_id',
        everyMs: INTERVAL_MS,
        log: 'security',
      },
      (rows, all) => this.keep(rows, all),
    );
  }

  /** Without a first look nobody could tell a suspended tenant. */
  onModuleInit(): Promise<void> {
    return this.snapshot.start();
  }

  onApplicationShutdown(): void {
    this.snapshot.stop();
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
    return this.snapshot.refresh();
  }

  private async keep(rows: readonly Row[], all: boolean): Promise<void> {
    const index = all ? new TenantIndex() : this.index;
    for (const [at, row] of rows.entries()) {
      index.put(knownTenant(row));
      if (at % AT_ONCE === AT_ONCE - 1) await others();
    }
    this.index = index;
  }
}

function knownTenant(row: Row): KnownTenant {
  const { tenant_id: id, subdomain, status, origins, domains } = row;
  return { id, subdomain, status, origins, domains, defaultAppId: row.default_app_id ?? undefined };
}
