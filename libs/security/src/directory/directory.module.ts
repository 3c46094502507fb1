import { DynamicModule, Module, ModuleMetadata, Provider } from '@nestjs/common';
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
 * and suspension; browsers of the tenants' own origins are let in by libs/http. `apiKeys`: its schema has a copy of the API
 * keys, too.
 */
@Module({})
export class DirectoryModule {
  static forRoot(
    settings: HostSettings,
    { imports, schema, apiKeys = false }: DirectoryBindings & { apiKeys?: boolean },
  ): DynamicModule {
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
        ...(apiKeys ? [apiKeyDirectory(schema)] : []),
      ],
      exports: [TenantDirectory, TenantGate, ...(apiKeys ? [ApiKeyDirectory] : [])],
    };
  }
}

function apiKeyDirectory(schema: string): Provider {
  return {
    provide: ApiKeyDirectory,
    useFactory: (sql: SqlSession) => new PostgresApiKeyDirectory(sql, schema),
    inject: [SqlSession],
  };
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
