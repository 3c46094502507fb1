import { parseArgs } from 'node:util';
import { DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { bootOrExit } from '@libs/config';
import { DatabaseModule } from '@libs/database';
import { Clock, DomainError, SystemClock } from '@libs/kernel';
import { NestLogger } from '@libs/logging';
import { AuditLog } from './application/audit/audit-log';
import { ReactivateTenant } from './application/tenants/reactivate-tenant';
import { SuspendTenant } from './application/tenants/suspend-tenant';
import { TenantSearch } from './application/tenants/tenant-search';
import { DenialRepository } from './domain/denial.repository';
import { SessionRepository } from './domain/session.repository';
import { TenantRepository } from './domain/tenant.repository';
import { AuditChain } from './infrastructure/audit/audit-chain';
import { PostgresAuditLog } from './infrastructure/audit/postgres-audit-log';
import { PostgresDenialRepository } from './infrastructure/postgres/postgres-denial.repository';
import { PostgresSessionRepository } from './infrastructure/postgres/postgres-session.repository';
import { PostgresTenantRepository } from './infrastructure/postgres/postgres-tenant.repository';
import { PostgresTenantSearch } from './infrastructure/postgres/postgres-tenant-search';
import { TenantsConfig, tenantsConfig } from './operator.config';

const USAGE = `npm run tenants -- list
npm run tenants -- suspend <subdomain> --reason=<why>
npm run tenants -- reactivate <subdomain> [--reason=<why>]`;

@Module({})
class TenantsModule {
  static forRoot({ database, secret }: TenantsConfig): DynamicModule {
    return {
      module: TenantsModule,
      imports: [DatabaseModule.forRoot({ name: 'auth-tenants', schema: 'auth', poolMax: 1, ...database })],
      providers: [
        SuspendTenant,
        ReactivateTenant,
        { provide: Clock, useClass: SystemClock },
        { provide: TenantSearch, useClass: PostgresTenantSearch },
        { provide: TenantRepository, useClass: PostgresTenantRepository },
        { provide: SessionRepository, useClass: PostgresSessionRepository },
        { provide: DenialRepository, useClass: PostgresDenialRepository },
        { provide: AuditChain, useValue: new AuditChain(secret) },
        { provide: AuditLog, useClass: PostgresAuditLog },
      ],
    };
  }
}

/**
 * What an operator does with tenants. It writes the database alone: a running auth tells every service within a second,
 * and one that starts later does it then.
 * @throws UnknownArguments
 */
export async function manageTenants(
  config: TenantsConfig,
  argv: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { action, subdomain, reason } = argumentsOf(argv);
  const app = await NestFactory.createApplicationContext(TenantsModule.forRoot(config), {
    logger: new NestLogger(),
    abortOnError: false,
  });
  try {
    if (action === 'list') {
      for (const { id, subdomain: name, status, domains } of await app.get(TenantSearch).all())
        print([status.padEnd(9), id, name, ...domains].join('  '));
    } else if (action === 'suspend') {
      const { sessions } = await app.get(SuspendTenant).execute({ subdomain, reason });
      print(`${subdomain} is suspended; ${sessions} sessions ended`);
    } else {
      await app.get(ReactivateTenant).execute({ subdomain, reason });
      print(`${subdomain} is active; what was refused may be for another minute`);
    }
  } finally {
    await app.close();
  }
}

/** Says how the command is used. */
export class UnknownArguments extends Error {}

type Arguments =
  | { action: 'list'; subdomain?: undefined; reason?: undefined }
  | { action: 'suspend' | 'reactivate'; subdomain: string; reason: string };

function argumentsOf(argv: readonly string[]): Arguments {
  const options = { reason: { type: 'string', default: '' } } as const;
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [action, subdomain, ...rest] = positionals;
  const reason = values.reason.trim().slice(0, 200);
  if (action === 'list' && subdomain === undefined) return { action };
  // The reason goes into the tenant's audit log, where its owner reads it.
  const complete = action === 'reactivate' || (action === 'suspend' && reason !== '');
  if (!complete || subdomain === undefined || rest.length > 0) throw new UnknownArguments(USAGE);
  return { action, subdomain: subdomain.toLowerCase(), reason };
}

if (require.main === module) {
  void bootOrExit('tenants', async () => {
    try {
      await manageTenants(tenantsConfig.parse(process.env), process.argv.slice(2), (line) =>
        process.stdout.write(`${line}\n`),
      );
    } catch (error) {
      if (!(error instanceof DomainError || error instanceof UnknownArguments)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  });
}
