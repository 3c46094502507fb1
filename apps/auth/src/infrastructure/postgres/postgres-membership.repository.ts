import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { requestContext, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { Membership } from '../../domain/membership';
import { MembershipRepository } from '../../domain/membership.repository';
import { Role } from '../../domain/role';
import { TenantStatus } from '../../domain/tenant';

interface MembershipRow {
  tenant_id: TenantId;
  user_id: UserId;
  role: Role;
  email: string;
  subdomain: string;
  status: TenantStatus;
}

const SELECT = `select m.tenant_id, m.user_id, m.role, u.email, t.subdomain, t.status
  from auth.membership m join auth.tenant t on t.id = m.tenant_id join auth.user u on u.id = m.user_id`;

@Injectable()
export class PostgresMembershipRepository extends MembershipRepository {
  constructor(
    private readonly sql: SqlSession,
    private readonly transaction: TenantTransaction,
  ) {
    super();
  }

  async add(tenantId: TenantId, userId: UserId, role: Role, now: Date): Promise<void> {
    await this.sql.query(
      'insert into auth.membership (tenant_id, user_id, role, created_at) values ($1, $2, $3, $4)',
      [tenantId, userId, role, now],
    );
  }

  async find(userId: UserId): Promise<Membership | undefined> {
    const [row] = await this.sql.query<MembershipRow>(`${SELECT} where m.tenant_id = $1 and m.user_id = $2`, [
      requestContext.tenantId(),
      userId,
    ]);
    return row && membershipOf(row);
  }

  ofPerson(userId: UserId): Promise<Membership[]> {
    // A transaction of no tenant at all: what row-level security shows here, it shows by the person.
    return this.transaction.runFor([], async () => {
      await this.sql.query(`select set_config('auth.person_id', $1, true)`, [userId]);
      const rows = await this.sql.query<MembershipRow>(
        `${SELECT} where m.user_id = $1 order by m.tenant_id`,
        [userId],
      );
      return rows.map(membershipOf);
    });
  }
}

function membershipOf(row: MembershipRow): Membership {
  const { tenant_id: tenantId, user_id: userId, role, email, subdomain, status: tenantStatus } = row;
  return { tenantId, userId, role, email, subdomain, tenantStatus };
}
