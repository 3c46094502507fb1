import { DynamicModule, Module, ModuleMetadata } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantOrigins } from '@libs/http';
import { TenantTransaction } from '@libs/kernel';
import { ApiKeyDirectory } from '../api-keys/api-key-directory';
import { HostNames } from './host-names';
import { HostSettings } from './host.settings';
import { KeepDirectory } from './keep-directory';
import { PostgresApiKeyDirectory } from './postgres-api-key-directory';
import { TenantDirectory } from './tenant-directory';
import { TenantGate } from './tenant-gate';

interface DirectoryBindings {
  /** Must bring SqlSession: the very DatabaseModule that the app imports. */
  imports: NonNullable<ModuleMetadata['imports']>;
  /** Whose `tenant_directory` it is. */
  schema: string;
}

/**
 * The tenants as this service knows them. An app imports it and hands it to SecurityModule, whose guard then checks hosts
 * and suspension; browsers of the tenants' own origins are let in by libs/http.
 */
@Module({})
export class DirectoryModule {
  static forRoot(settings: HostSettings, { imports, schema }: DirectoryBindings): DynamicModule {
    return {
      module: DirectoryModule,
      imports,
      providers: [
        {
          provide: TenantDirectory,
          useFactory: (sql: SqlSession) => new TenantDirectory(sql, schema, new HostNames(settings)),
          inject: [SqlSession],
        },
        { provide: TenantOrigins, useExisting: TenantDirectory },
        TenantGate,
        {
          provide: ApiKeyDirectory,
          useFactory: (sql: SqlSession) => new PostgresApiKeyDirectory(sql, schema),
          inject: [SqlSession],
        },
      ],
      exports: [TenantDirectory, TenantGate, ApiKeyDirectory],
    };
  }
}

/** The consuming side: for the process whose role may write the copies. */
@Module({})
export class KeepDirectoryModule {
  static forRoot({ imports, schema }: DirectoryBindings): DynamicModule {
    return {
      module: KeepDirectoryModule,
      imports,
      providers: [
        {
          provide: KeepDirectory,
          useFactory: (transaction: TenantTransaction, sql: SqlSession) =>
            new KeepDirectory(transaction, sql, schema),
          inject: [TenantTransaction, SqlSession],
        },
      ],
      exports: [KeepDirectory],
    };
  }
}
