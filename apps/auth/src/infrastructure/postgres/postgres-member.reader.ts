import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { requestContext, UserId } from '@libs/kernel';
import { ListedMember, MemberReader } from '../../application/members/member.reader';
import { Role } from '../../domain/role';

interface MemberRow {
  user_id: UserId;
  email: string;
  name: string;
  role: Role;
  created_at: Date;
}

@Injectable()
export class PostgresMemberReader extends MemberReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async page(page: { limit: number; after?: { joinedAt: string; userId: string } }): Promise<ListedMember[]> {
    const rows = await this.sql.query<MemberRow>(
      `select m.user_id, u.email, u.name, m.role, m.created_at
       from auth.membership m join auth.user u on u.id = m.user_id
       where m.tenant_id = $1 and ($2::timestamptz is null or (m.created_at, m.user_id) > ($2, $3::uuid))
       order by m.created_at, m.user_id limit $4`,
      [requestContext.tenantId(), page.after?.joinedAt, page.after?.userId, page.limit],
    );
    return rows.map((row) => ({
      userId: row.user_id,
      email: row.email,
      name: row.name,
      role: row.role,
      joinedAt: row.created_at,
    }));
  }
}
