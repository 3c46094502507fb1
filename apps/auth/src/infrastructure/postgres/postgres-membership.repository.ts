import { Injectable } from '@nestjs/common';
import { isUniqueViolation, SqlSession } from '@libs/database';
import { requestContext, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { Membership } from '../../domain/membership';
import { MembershipRepository } from '../../domain/membership.repository';
import { Role } from '../../domain/role';
import { AlreadyAMember } from '../../domain/tenancy.errors';
import { TenantStatus } from '../../domain/tenant';

interface MembershipRow {
  tenant_id: TenantId;
  user_id: UserId;
  role: Role;
  email: string;
  subdomain: string;
  tenant_name: string;
  status: TenantStatus;
  require_second_factor: boolean;
  credentials_changed_at: Date | null;
}

const SELECT = `select m.tenant_id, m.user_id, m.role, u.email, t.subdomain, t.name as tenant_name, t.status,
    t.require_second_factor, u.credentials_changed_at
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
    try {
      await this.sql.query(
        'insert into auth.membership (tenant_id, user_id, role, created_at) values ($1, $2, $3, $4)',
        [tenantId, userId, role, now],
      );
    } catch (error) {
      if (isUniqueViolation(error)) throw new AlreadyAMember();
      throw error;
    }
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

  async lockRoles(userIds: readonly UserId[]): Promise<{ roles: ReadonlyMap<UserId, Role>; owners: number }> {
    // In one order, so that two changes of one tenant wait for each other and never for ever.
    const rows = await this.sql.query<Pick<MembershipRow, 'user_id' | 'role'>>(
      `select user_id, role from auth.membership
       where tenant_id = $1 and (user_id = any($2::uuid[]) or role = 'owner') order by user_id for update`,
      [requestContext.tenantId(), userIds],
    );
    const asked = rows.filter((row) => userIds.includes(row.user_id));
    return {
      roles: new Map(asked.map((row) => [row.user_id, row.role])),
      owners: rows.filter(({ role }) => role === 'owner').length,
    };
  }

  async holdRole(userId: UserId): Promise<Role | undefined> {
    const [row] = await this.sql.query<Pick<MembershipRow, 'role'>>(
      'select role from auth.membership where tenant_id = $1 and user_id = $2 for share',
      [requestContext.tenantId(), userId],
    );
    return row?.role;
  }

  async changeRole(userId: UserId, role: Role): Promise<void> {
    await this.sql.query('update auth.membership set role = $3 where tenant_id = $1 and user_id = $2', [
      requestContext.tenantId(),
      userId,
      role,
    ]);
  }

  async remove(userId: UserId): Promise<void> {
    await this.sql.query('delete from auth.membership where tenant_id = $1 and user_id = $2', [
      requestContext.tenantId(),
      userId,
    ]);
  }
}

function membershipOf(row: MembershipRow): Membership {
  const { tenant_id: tenantId, user_id: userId, role, email, subdomain, status: tenantStatus } = row;
  return {
    tenantId,
    userId,
    role,
    email,
    subdomain,
    tenantName: row.tenant_name,
    tenantStatus,
    requiresSecondFactor: row.require_second_factor,
    credentialsChangedAt: row.credentials_changed_at ?? undefined,
  };
}
