import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { requestContext, TenantId, UserId } from '@libs/kernel';
import { Invitation } from '../../domain/invitation';
import { InvitationRepository } from '../../domain/invitation.repository';
import { Role } from '../../domain/role';

interface InvitationRow {
  id: string;
  tenant_id: TenantId;
  email: string;
  role: Role;
  invited_by: UserId;
  created_at: Date;
  expires_at: Date;
}

const COLUMNS = 'id, tenant_id, email, role, invited_by, created_at, expires_at';
const OPEN = 'accepted_at is null and withdrawn_at is null';

@Injectable()
export class PostgresInvitationRepository extends InvitationRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(invitation: Invitation, tokenHash: Buffer): Promise<Role | undefined> {
    const { id, tenantId, email, role, invitedBy, createdAt, expiresAt } = invitation;
    // Two who invite the same person at once must not both fail on the unique key: the later one's link counts.
    await this.sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `auth.invitation ${tenantId} ${email}`,
    ]);
    const former = await this.sql.query<Pick<InvitationRow, 'role' | 'expires_at'>>(
      `update auth.invitation set withdrawn_at = $3 where tenant_id = $1 and email = $2 and ${OPEN}
       returning role, expires_at`,
      [tenantId, email, createdAt],
    );
    await this.sql.query(
      `insert into auth.invitation (${COLUMNS}, token_hash) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, tenantId, email, role, invitedBy, createdAt, expiresAt, tokenHash],
    );
    return former.find((row) => row.expires_at > createdAt)?.role;
  }

  async findOpen(tokenHash: Buffer, now: Date): Promise<Invitation | undefined> {
    const rows = await this.sql.query<InvitationRow>(
      `select ${COLUMNS} from auth.invitation
       where tenant_id = $1 and token_hash = $2 and ${OPEN} and expires_at > $3`,
      [requestContext.tenantId(), tokenHash, now],
    );
    return rows.map(invitationOf)[0];
  }

  async take(tokenHash: Buffer, now: Date): Promise<Invitation | undefined> {
    // Whoever waits for the row lock finds it accepted afterwards, and updates nothing.
    const rows = await this.sql.query<InvitationRow>(
      `update auth.invitation set accepted_at = $3
       where tenant_id = $1 and token_hash = $2 and ${OPEN} and expires_at > $3 returning ${COLUMNS}`,
      [requestContext.tenantId(), tokenHash, now],
    );
    return rows.map(invitationOf)[0];
  }

  async withdraw(id: string, now: Date): Promise<Invitation | undefined> {
    const rows = await this.sql.query<InvitationRow>(
      `update auth.invitation set withdrawn_at = $3
       where tenant_id = $1 and id = $2 and ${OPEN} and expires_at > $3 returning ${COLUMNS}`,
      [requestContext.tenantId(), id, now],
    );
    return rows.map(invitationOf)[0];
  }

  async withdrawBy(userId: UserId, now: Date): Promise<void> {
    await this.sql.query(
      `update auth.invitation set withdrawn_at = $3 where tenant_id = $1 and invited_by = $2 and ${OPEN}`,
      [requestContext.tenantId(), userId, now],
    );
  }

  async page(page: {
    now: Date;
    limit: number;
    after?: { createdAt: string; id: string };
  }): Promise<Invitation[]> {
    const rows = await this.sql.query<InvitationRow>(
      `select ${COLUMNS} from auth.invitation
       where tenant_id = $1 and ${OPEN} and expires_at > $2
         and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid))
       order by created_at desc, id desc limit $5`,
      [requestContext.tenantId(), page.now, page.after?.createdAt, page.after?.id, page.limit],
    );
    return rows.map(invitationOf);
  }
}

function invitationOf(row: InvitationRow): Invitation {
  const { id, tenant_id: tenantId, email, role, invited_by: invitedBy } = row;
  return { id, tenantId, email, role, invitedBy, createdAt: row.created_at, expiresAt: row.expires_at };
}
