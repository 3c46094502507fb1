import { Injectable } from '@nestjs/common';
import { isUniqueViolation, SqlSession } from '@libs/database';
import { Money, requestContext, TenantId } from '@libs/kernel';
import { SubdomainTaken } from '../../domain/auth.errors';
import { Tenant, TenantStatus } from '../../domain/tenant';
import { TenantRepository } from '../../domain/tenant.repository';

interface TenantRow {
  id: TenantId;
  name: string;
  subdomain: string;
  time_zone: string;
  status: TenantStatus;
  origins: string[];
  domains: string[];
  default_app_id: string;
  night_limit: string;
  require_second_factor: boolean;
  revision: number;
  created_at: Date;
}

const COLUMNS = `id, name, subdomain, time_zone, status, origins, revision, created_at, domains, default_app_id,
  night_limit, require_second_factor`;

@Injectable()
export class PostgresTenantRepository extends TenantRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(tenant: Tenant): Promise<void> {
    const state = tenant.snapshot();
    try {
      await this.sql.query(
        `insert into auth.tenant (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          state.id,
          state.name,
          state.subdomain,
          state.timeZone,
          state.status,
          state.origins,
          state.revision,
          state.createdAt,
          state.domains,
          state.defaultAppId,
          state.nightLimit.cents,
          state.requireSecondFactor,
        ],
      );
    } catch (error) {
      if (isUniqueViolation(error)) throw new SubdomainTaken();
      throw error;
    }
  }

  current(): Promise<Tenant> {
    return this.read('');
  }

  lockCurrent(): Promise<Tenant> {
    // Not `for update`: rows of other tables may refer to the tenant meanwhile.
    return this.read('for no key update');
  }

  async save(tenant: Tenant): Promise<void> {
    const { id, name, timeZone, nightLimit, origins, domains, status, revision, requireSecondFactor } =
      tenant.snapshot();
    await this.sql.query(
      `update auth.tenant set name = $2, time_zone = $3, night_limit = $4, origins = $5, domains = $6, status = $7,
         revision = $8, require_second_factor = $9
       where id = $1`,
      [id, name, timeZone, nightLimit.cents, origins, domains, status, revision, requireSecondFactor],
    );
  }

  private async read(lock: string): Promise<Tenant> {
    const tenantId = requestContext.tenantId();
    const [row] = await this.sql.query<TenantRow>(
      `select ${COLUMNS} from auth.tenant where id = $1 ${lock}`,
      [tenantId],
    );
    if (!row) throw new Error(`the tenant ${tenantId} of a verified token does not exist`);
    return tenantOf(row);
  }
}

function tenantOf(row: TenantRow): Tenant {
  const { id, name, subdomain, status, origins, domains, revision } = row;
  return Tenant.restore({
    id,
    name,
    subdomain,
    timeZone: row.time_zone,
    status,
    origins,
    domains,
    defaultAppId: row.default_app_id,
    nightLimit: Money.fromCents(row.night_limit),
    requireSecondFactor: row.require_second_factor,
    revision,
    createdAt: row.created_at,
  });
}
