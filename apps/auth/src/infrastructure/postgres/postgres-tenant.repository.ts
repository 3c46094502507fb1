import { Injectable } from '@nestjs/common';
import { isUniqueViolation, SqlSession } from '@libs/database';
import { requestContext, TenantId } from '@libs/kernel';
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
  revision: number;
  created_at: Date;
}

const COLUMNS = 'id, name, subdomain, time_zone, status, origins, revision, created_at';

@Injectable()
export class PostgresTenantRepository extends TenantRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(tenant: Tenant): Promise<void> {
    const { id, name, subdomain, timeZone, status, origins, revision, createdAt } = tenant.snapshot();
    try {
      await this.sql.query(`insert into auth.tenant (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
        id,
        name,
        subdomain,
        timeZone,
        status,
        origins,
        revision,
        createdAt,
      ]);
    } catch (error) {
      if (isUniqueViolation(error)) throw new SubdomainTaken();
      throw error;
    }
  }

  async current(): Promise<Tenant> {
    const tenantId = requestContext.tenantId();
    const [row] = await this.sql.query<TenantRow>(`select ${COLUMNS} from auth.tenant where id = $1`, [
      tenantId,
    ]);
    if (!row) throw new Error(`the tenant ${tenantId} of a verified token does not exist`);
    return Tenant.restore({ ...row, timeZone: row.time_zone, createdAt: row.created_at });
  }
}
