import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { UserId } from '@libs/kernel';
import { IdentityLinkedElsewhere } from '../../domain/identity.errors';
import { Identity, IdentityRepository } from '../../domain/identity.repository';

@Injectable()
export class PostgresIdentityRepository extends IdentityRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async find({ issuer, subject }: Identity): Promise<UserId | undefined> {
    const [row] = await this.sql.query<{ user_id: UserId }>(
      'select user_id from auth.identity where issuer = $1 and subject = $2',
      [issuer, subject],
    );
    return row?.user_id;
  }

  async link(identity: Identity, userId: UserId, now: Date): Promise<void> {
    // Either unique key may stop it; which one, and whether it is the very same link, the second look says.
    const linked = await this.sql.query(
      `insert into auth.identity (issuer, subject, user_id, linked_at) values ($1, $2, $3, $4)
       on conflict do nothing returning user_id`,
      [identity.issuer, identity.subject, userId, now],
    );
    if (linked.length === 0 && (await this.find(identity)) !== userId) throw new IdentityLinkedElsewhere();
  }

  async unlink(userId: UserId, kept: string | undefined): Promise<string[]> {
    const rows = await this.sql.query<{ issuer: string }>(
      'delete from auth.identity where user_id = $1 and issuer is distinct from $2 returning issuer',
      [userId, kept],
    );
    return rows.map(({ issuer }) => issuer);
  }

  ofUser(userId: UserId): Promise<Identity[]> {
    return this.sql.query<Identity & Record<string, unknown>>(
      'select issuer, subject from auth.identity where user_id = $1 order by issuer',
      [userId],
    );
  }
}
