import { DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { bootOrExit } from '@libs/config';
import { DatabaseModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { NestLogger } from '@libs/logging';
import { RetellFacts } from './application/tenants/retell-facts';
import { TenantSearch } from './application/tenants/tenant-search';
import { ApiKeyRepository } from './domain/api-key.repository';
import { TenantRepository } from './domain/tenant.repository';
import { PostgresApiKeyRepository } from './infrastructure/postgres/postgres-api-key.repository';
import { PostgresTenantRepository } from './infrastructure/postgres/postgres-tenant.repository';
import { PostgresTenantSearch } from './infrastructure/postgres/postgres-tenant-search';
import { RetellConfig, retellConfig } from './operator.config';

@Module({})
class RetellModule {
  static forRoot({ database }: RetellConfig): DynamicModule {
    return {
      module: RetellModule,
      imports: [DatabaseModule.forRoot({ name: 'auth-retell', schema: 'auth', poolMax: 1, ...database })],
      providers: [
        RetellFacts,
        { provide: Clock, useClass: SystemClock },
        { provide: TenantSearch, useClass: PostgresTenantSearch },
        { provide: TenantRepository, useClass: PostgresTenantRepository },
        { provide: ApiKeyRepository, useClass: PostgresApiKeyRepository },
      ],
    };
  }
}

/** Writes the facts into the outbox; a running auth, or one that starts later, sends them. */
export async function retell(config: RetellConfig): Promise<{ tenants: number; keys: number }> {
  const app = await NestFactory.createApplicationContext(RetellModule.forRoot(config), {
    logger: new NestLogger(),
    abortOnError: false,
  });
  try {
    return await app.get(RetellFacts).execute();
  } finally {
    await app.close();
  }
}

// npm run auth:retell
if (require.main === module) {
  void bootOrExit('auth:retell', async () => {
    const { tenants, keys } = await retell(retellConfig.parse(process.env));
    process.stdout.write(`told again: ${tenants} tenants, ${keys} API keys\n`);
  });
}
