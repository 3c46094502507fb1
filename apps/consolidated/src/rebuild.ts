import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import { bootOrExit } from '@libs/config';
import { isUuid, TenantId } from '@libs/kernel';
import { NestLogger } from '@libs/logging';
import { RebuildRollup } from './application/rebuild-rollup';
import { RebuildConfig, rebuildConfig } from './consolidated.config';
import { RebuildModule } from './consolidated.module';

const USAGE = `npm run consolidated:rebuild [-- --dry-run] [-- --tenant=<id>]
Recomputes every day from its entries, reports what differs and corrects it (--dry-run: only reports).`;

export interface RebuildOptions {
  dryRun: boolean;
  tenant?: string;
  print: (line: string) => void;
}

/** @returns how many days differed */
export async function rebuild(config: RebuildConfig, options: RebuildOptions): Promise<number> {
  const { dryRun, tenant, print } = options;
  const app = await NestFactory.createApplicationContext(RebuildModule.forRoot(config), {
    logger: new NestLogger(),
    abortOnError: false,
  });
  try {
    const tenants = tenant === undefined ? await allTenants(config.operator.url) : [tenant as TenantId];
    const rebuildRollup = app.get(RebuildRollup);
    let days = 0;
    for (const tenantId of tenants) {
      const differences = await rebuildRollup.execute({ tenantId, dryRun });
      days += differences.length;
      for (const { date, entries, rollup } of differences)
        print(`${tenantId} ${date}: entries ${JSON.stringify(entries)}, daily ${JSON.stringify(rollup)}`);
    }
    print(`${tenants.length} tenants, ${days} days ${dryRun ? 'differ' : 'corrected'}`);
    if (!dryRun && !config.redis.url)
      print(
        'REDIS_URL is not set: a running all-in-one caches in its own memory; restart it to drop its answers',
      );
    return days;
  } finally {
    await app.close();
  }
}

/** The worker's role sees only the tenants it names; the operator sees who there is. */
async function allTenants(operatorUrl: string): Promise<TenantId[]> {
  const operator = new Client({ connectionString: operatorUrl });
  await operator.connect();
  try {
    const { rows } = await operator.query<{ tenant_id: TenantId }>(
      `select distinct tenant_id from consolidated.entry union select tenant_id from consolidated.daily
       union select tenant_id from consolidated.tenant order by 1`,
    );
    return rows.map((row) => row.tenant_id);
  } finally {
    await operator.end();
  }
}

if (require.main === module) {
  void bootOrExit('consolidated:rebuild', async () => {
    const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean' }, tenant: { type: 'string' } } });
    if (values.tenant !== undefined && !isUuid(values.tenant)) throw new Error(USAGE);
    const days = await rebuild(rebuildConfig.parse(process.env), {
      dryRun: values['dry-run'] ?? false,
      tenant: values.tenant,
      print: (line) => process.stdout.write(`${line}\n`),
    });
    process.exitCode = values['dry-run'] && days > 0 ? 1 : 0;
  });
}
