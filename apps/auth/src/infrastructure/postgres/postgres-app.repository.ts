import { Injectable } from '@nestjs/common';
import { isUniqueViolation, SqlSession } from '@libs/database';
import { requestContext, TenantId } from '@libs/kernel';
import { App } from '../../domain/app';
import { AppNameTaken, TooManyApps } from '../../domain/app.errors';
import { AppRepository } from '../../domain/app.repository';
import { lockForCounting } from './lock-for-counting';

interface AppRow {
  tenant_id: TenantId;
  id: string;
  name: string;
  created_at: Date;
}

const COLUMNS = 'tenant_id, id, name, created_at';

@Injectable()
export class PostgresAppRepository extends AppRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(app: App, most?: number): Promise<void> {
    const { tenantId, id, name, createdAt } = app.snapshot();
    if (most !== undefined && (await this.count(tenantId)) >= most) throw new TooManyApps(most);
    await this.unlessTaken(
      this.sql.query(`insert into auth.app (${COLUMNS}) values ($1, $2, $3, $4)`, [
        tenantId,
        id,
        name,
        createdAt,
      ]),
    );
  }

  async rename(app: App): Promise<void> {
    const { tenantId, id, name } = app.snapshot();
    await this.unlessTaken(
      this.sql.query('update auth.app set name = $3 where tenant_id = $1 and id = $2', [tenantId, id, name]),
    );
  }

  async find(id: string): Promise<App | undefined> {
    const [row] = await this.sql.query<AppRow>(
      `select ${COLUMNS} from auth.app where tenant_id = $1 and id = $2`,
      [requestContext.tenantId(), id],
    );
    return row && appOf(row);
  }

  async list(limit: number, after?: string): Promise<App[]> {
    const rows = await this.sql.query<AppRow>(
      `select ${COLUMNS} from auth.app a where tenant_id = $1
         and ($2::uuid is null or (created_at, id) >
           (select p.created_at, p.id from auth.app p where p.tenant_id = $1 and p.id = $2))
       order by created_at, id limit $3`,
      [requestContext.tenantId(), after, limit],
    );
    return rows.map(appOf);
  }

  private async count(tenantId: TenantId): Promise<number> {
    await lockForCounting(this.sql, 'auth.app', tenantId);
    const [row] = await this.sql.query<{ count: number }>(
      'select count(*)::int as count from auth.app where tenant_id = $1',
      [tenantId],
    );
    return row?.count ?? 0;
  }

  private async unlessTaken(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (isUniqueViolation(error)) throw new AppNameTaken();
      throw error;
    }
  }
}

function appOf(row: AppRow): App {
  return App.restore({ id: row.id, tenantId: row.tenant_id, name: row.name, createdAt: row.created_at });
}
