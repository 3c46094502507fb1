import { Injectable } from '@nestjs/common';
import { isUniqueViolation, SqlSession } from '@libs/database';
import { TenantTransaction, UserId } from '@libs/kernel';
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
  settled_at: Date | null;
}

const COLUMNS =
  'id, email, name, password_hash, created_at, confirmed_at, credentials_changed_at, settled_at';

/** An assignment for `update auth.user`, at the time of the parameter: always later than the one before. */
export const credentialsChanged = (parameter: string): string =>
  `credentials_changed_at = greatest(${parameter}::timestamptz, credentials_changed_at + interval '1 millisecond')`;

@Injectable()
export class PostgresUserRepository extends UserRepository {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sql: SqlSession,
  ) {
    super();
  }

  async add(user: User): Promise<void> {
    try {
      await this.sql.query(`insert into auth.user (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
        user.id,
        user.email,
        user.name,
        user.passwordHash,
        user.createdAt,
        user.confirmedAt,
        user.credentialsChangedAt,
        user.settledAt,
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

  async rehash(user: Pick<User, 'id' | 'passwordHash'>, passwordHash: string): Promise<boolean> {
    const rows = await this.sql.query(
      'update auth.user set password_hash = $2 where id = $1 and password_hash = $3 returning id',
      [user.id, passwordHash, user.passwordHash],
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

  async settle(id: UserId, now: Date): Promise<void> {
    await this.sql.query(
      `update auth.user set confirmed_at = coalesce(confirmed_at, $2), settled_at = coalesce(settled_at, $2)
       where id = $1`,
      [id, now],
    );
  }

  takeOver(
    user: Pick<User, 'id' | 'passwordHash'>,
    passwordHash: string,
    now: Date,
  ): Promise<'settled' | 'cleared' | undefined> {
    return this.transaction.runFor([], async () => {
      // Locks the user first, as whatever enrols does: it comes before and is cleared, or after and finds itself outdated.
      if (!(await this.changePassword(user, passwordHash, now))) return undefined;
      if ((await this.find(user.id))?.settledAt) return 'settled';
      for (const table of ['totp', 'recovery_code', 'identity'])
        await this.sql.query(`delete from auth.${table} where user_id = $1`, [user.id]);
      await this.settle(user.id, now);
      return 'cleared';
    });
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
        settledAt: row.settled_at ?? undefined,
      })
    );
  }
}
