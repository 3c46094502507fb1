import { Outbox, TenantTransaction } from '@libs/kernel';
import { DynamicModule, Module, OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConnectionScopes } from './connection-scopes';
import { DeadLetters } from './dead-letters';
import { Inbox } from './inbox';
import { DatabaseOptions, openDataSource } from './open-data-source';
import { PostgresDeadLetters } from './postgres-dead-letters';
import { PostgresInbox } from './postgres-inbox';
import { PostgresOutbox } from './postgres-outbox';
import { PostgresTenantTransaction } from './postgres-tenant-transaction';
import { ScopedSqlSession } from './scoped-sql-session';
import { SqlSession } from './sql-session';

/**
 * One role's way into one schema. Not global: an app whose consumer has a role of its own imports it twice, in two
 * modules.
 */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /** Boot fails with a ConfigError that names the variable when the role could pass row-level security. */
  static forRoot(options: DatabaseOptions): DynamicModule {
    const { schema } = options;
    return {
      module: DatabaseModule,
      providers: [
        { provide: DataSource, useFactory: () => openDataSource(options) },
        {
          provide: ConnectionScopes,
          useFactory: (dataSource: DataSource) => new ConnectionScopes(dataSource),
          inject: [DataSource],
        },
        {
          provide: SqlSession,
          useFactory: (scopes: ConnectionScopes) => new ScopedSqlSession(scopes),
          inject: [ConnectionScopes],
        },
        {
          provide: TenantTransaction,
          useFactory: (scopes: ConnectionScopes) => new PostgresTenantTransaction(scopes),
          inject: [ConnectionScopes],
        },
        {
          provide: Outbox,
          useFactory: (scopes: ConnectionScopes, sql: SqlSession) => new PostgresOutbox(scopes, sql, schema),
          inject: [ConnectionScopes, SqlSession],
        },
        {
          provide: Inbox,
          useFactory: (sql: SqlSession) => new PostgresInbox(sql, schema),
          inject: [SqlSession],
        },
        {
          provide: DeadLetters,
          useFactory: (transaction: TenantTransaction, sql: SqlSession) =>
            new PostgresDeadLetters(transaction, sql, schema),
          inject: [TenantTransaction, SqlSession],
        },
      ],
      exports: [DataSource, SqlSession, TenantTransaction, Outbox, Inbox, DeadLetters],
    };
  }

  /** Not earlier: Nest fires onModuleDestroy while requests and consumers are still at work. */
  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
