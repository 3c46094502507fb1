import { Injectable } from '@nestjs/common';
import { isUniqueViolation, SqlSession } from '@libs/database';
import { requestContext } from '@libs/kernel';
import { CustomDomain } from '../../domain/custom-domain';
import { CustomDomainRepository } from '../../domain/custom-domain.repository';
import { DomainTaken } from '../../domain/tenancy.errors';

interface DomainRow {
  name: string;
  proof: string;
  created_at: Date;
  verified_at: Date | null;
}

const SELECT = 'select name, proof, created_at, verified_at from auth.domain where tenant_id = $1';

@Injectable()
export class PostgresCustomDomainRepository extends CustomDomainRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async all(): Promise<CustomDomain[]> {
    const rows = await this.sql.query<DomainRow>(`${SELECT} order by created_at, name`, [
      requestContext.tenantId(),
    ]);
    return rows.map(domainOf);
  }

  async find(name: string): Promise<CustomDomain | undefined> {
    const rows = await this.sql.query<DomainRow>(`${SELECT} and name = $2`, [
      requestContext.tenantId(),
      name,
    ]);
    return rows.map(domainOf)[0];
  }

  async add({ name, proof, createdAt }: CustomDomain): Promise<void> {
    await this.sql.query(
      `insert into auth.domain (tenant_id, name, proof, created_at) values ($1, $2, $3, $4)
       on conflict (tenant_id, name) do nothing`,
      [requestContext.tenantId(), name, proof, createdAt],
    );
  }

  async claim(name: string, now: Date): Promise<void> {
    const tenantId = requestContext.tenantId();
    try {
      await this.sql.query('insert into auth.verified_domain (name, tenant_id) values ($1, $2)', [
        name,
        tenantId,
      ]);
    } catch (error) {
      if (isUniqueViolation(error)) throw new DomainTaken();
      throw error;
    }
    await this.sql.query('update auth.domain set verified_at = $3 where tenant_id = $1 and name = $2', [
      tenantId,
      name,
      now,
    ]);
  }

  async remove(name: string): Promise<boolean> {
    const params = [requestContext.tenantId(), name];
    await this.sql.query('delete from auth.verified_domain where tenant_id = $1 and name = $2', params);
    const rows = await this.sql.query(
      'delete from auth.domain where tenant_id = $1 and name = $2 returning name',
      params,
    );
    return rows.length > 0;
  }
}

function domainOf({ name, proof, created_at: createdAt, verified_at: verifiedAt }: DomainRow): CustomDomain {
  return { name, proof, createdAt, verifiedAt: verifiedAt ?? undefined };
}
