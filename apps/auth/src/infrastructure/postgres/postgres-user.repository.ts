import { Injectable } from '@nestjs/common';
import { isUniqueViolation, SqlSession } from '@libs/database';
import { UserId } from '@libs/kernel';
import { EmailTaken } from '../../domain/auth.errors';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';

interface UserRow {
  id: UserId;
  email: string;
  name: string;
  password_hash: string | null;
  created_at: Date;
  confirmed_at: Date | null;
  credentials_changed_at: Date | null;
}

const COLUMNS = 'id, email, name, password_hash, created_at, confirmed_at, credentials_changed_at';

/** An assignment for `update auth.user`, at the time of the parameter: always later than the one before. */
export const credentialsChanged = (parameter: string): string =>
  `credentials_changed_at = greatest(${parameter}::timestamptz, credentials_changed_at + interval '1 millisecond')`;

@Injectable()
export class PostgresUserRepository extends UserRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(user: User): Promise<void> {
    try {
      await this.sql.query(`insert into auth.user (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)`, [
        user.id,
        user.email,
        user.name,
        user.passwordHash,
        user.createdAt,
        user.confirmedAt,
        user.credentialsChangedAt,
      ]);
    } catch (error) {
      if (isUniqueViolation(error)) throw new EmailTaken();
      throw error;
    }
  }

  findByEmail(email: string): Promise<User | undefined> {
    return this.one('email', email);
  }

  find(id: UserId): Promise<User | undefined> {
    return this.one('id', id);
  }

  async changePassword(
    user: Pick<User, 'id' | 'passwordHash'>,
    passwordHash: string,
    now: Date,
  ): Promise<boolean> {
    const rows = await this.sql.query(
      `update auth.user set password_hash = $2, ${credentialsChanged('$4')}
       where id = $1 and password_hash is not distinct from $3 returning id`,
      [user.id, passwordHash, user.passwordHash, now],
    );
    return rows.length > 0;
  }

  async noteCredentialsChanged(id: UserId, now: Date): Promise<void> {
    await this.sql.query(`update auth.user set ${credentialsChanged('$2')} where id = $1`, [id, now]);
  }

  async holdCredentials(id: UserId): Promise<Date | undefined> {
    const [row] = await this.sql.query<Pick<UserRow, 'credentials_changed_at'>>(
      'select credentials_changed_at from auth.user where id = $1 for share',
      [id],
    );
    return row?.credentials_changed_at ?? undefined;
  }

  async confirm(id: UserId, now: Date): Promise<void> {
    await this.sql.query('update auth.user set confirmed_at = coalesce(confirmed_at, $2) where id = $1', [
      id,
      now,
    ]);
  }

  private async one(column: 'id' | 'email', value: string): Promise<User | undefined> {
    const [row] = await this.sql.query<UserRow>(`select ${COLUMNS} from auth.user where ${column} = $1`, [
      value,
    ]);
    return (
      row &&
      User.restore({
        ...row,
        passwordHash: row.password_hash ?? undefined,
        createdAt: row.created_at,
        confirmedAt: row.confirmed_at ?? undefined,
        credentialsChangedAt: row.credentials_changed_at ?? undefined,
      })
    );
  }
}
