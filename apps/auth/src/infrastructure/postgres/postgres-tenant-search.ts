import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { FoundTenant, TenantSearch } from '../../application/tenants/tenant-search';

/** Reads the view that every service may read of all tenants. */
const SELECT = 'select tenant_id as id, subdomain, status, domains from auth.tenant_directory';

@Injectable()
export class PostgresTenantSearch extends TenantSearch {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async find(subdomain: string): Promise<FoundTenant | undefined> {
    const [row] = await this.sql.query<FoundTenant>(`${SELECT} where subdomain = $1`, [subdomain]);
    return row;
  }

  all(): Promise<FoundTenant[]> {
    return this.sql.query<FoundTenant>(`${SELECT} order by subdomain`);
  }
}
