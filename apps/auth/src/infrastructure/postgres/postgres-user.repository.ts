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
  password_hash: string;
  created_at: Date;
}

const COLUMNS = 'id, email, name, password_hash, created_at';

@Injectable()
export class PostgresUserRepository extends UserRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(user: User): Promise<void> {
    try {
      await this.sql.query(`insert into auth.user (${COLUMNS}) values ($1, $2, $3, $4, $5)`, [
        user.id,
        user.email,
        user.name,
        user.passwordHash,
        user.createdAt,
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

  private async one(column: 'id' | 'email', value: string): Promise<User | undefined> {
    const [row] = await this.sql.query<UserRow>(`select ${COLUMNS} from auth.user where ${column} = $1`, [
      value,
    ]);
    return row && User.restore({ ...row, passwordHash: row.password_hash, createdAt: row.created_at });
  }
}
