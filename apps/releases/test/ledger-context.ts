import { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, DeadLetters, SqlSession } from '@libs/database';
import { Clock, Outbox, SystemClock, TenantTransaction } from '@libs/kernel';
import { PostReleases } from '../src/application/post-releases';
import { PostgresRejectionRepository } from '../src/infrastructure/postgres/postgres-rejection.repository';
import { PostgresReleaseRepository } from '../src/infrastructure/postgres/postgres-release.repository';
import { PostgresTenantCopies } from '../src/infrastructure/postgres/postgres-tenant-copies';

/** The posting side on a real database, under the worker's own role, without a queue. */
export class LedgerContext {
  readonly transaction: TenantTransaction;
  readonly sql: SqlSession;
  readonly outbox: Outbox;
  readonly releases: PostgresReleaseRepository;
  readonly rejections: PostgresRejectionRepository;
  readonly tenants: PostgresTenantCopies;
  readonly post: PostReleases;

  private constructor(private readonly app: INestApplicationContext) {
    this.transaction = app.get(TenantTransaction, { strict: false });
    this.sql = app.get(SqlSession, { strict: false });
    this.outbox = app.get(Outbox, { strict: false });
    this.releases = new PostgresReleaseRepository(this.sql);
    this.rejections = new PostgresRejectionRepository(this.sql, app.get(DeadLetters, { strict: false }));
    this.tenants = new PostgresTenantCopies(this.sql);
    const clock: Clock = new SystemClock();
    this.post = new PostReleases(this.transaction, this.tenants, this.releases, this.outbox, clock);
  }

  static async open(url: string, poolMax = 4): Promise<LedgerContext> {
    const database = DatabaseModule.forRoot({ name: 'releases-test', schema: 'releases', url, poolMax });
    return new LedgerContext(await NestFactory.createApplicationContext(database, { logger: false }));
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
