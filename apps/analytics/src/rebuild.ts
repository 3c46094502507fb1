import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { bootOrExit } from '@libs/config';
import { isUuid, TenantId } from '@libs/kernel';
import { NestLogger } from '@libs/logging';
import { RebuildConfig, rebuildConfig } from './analytics.config';
import { KeptDays } from './application/kept-days';
import { RebuildDay } from './application/rebuild-day';
import { RebuildModule } from './rebuild.module';

const USAGE = `npm run analytics:rebuild [-- --write] [-- --tenant=<id>] [-- --from=<YYYY-MM-DD>] [-- --to=<YYYY-MM-DD>]
Recomputes quarters, dimensions and sessions of UTC days from the raw events, while everything runs, and prints what
differs; --write corrects it. Without days: all that are kept. Exits 1 when something differs and is left so.`;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Of a day that is wrong altogether, the first ones tell enough. */
const TOLD_A_DAY = 20;

export interface RebuildOptions {
  write: boolean;
  tenant?: TenantId;
  /** UTC days, both included. */
  from?: string;
  to?: string;
  print: (line: string) => void;
}

/** @returns how many differences there were */
export async function rebuild(config: RebuildConfig, options: RebuildOptions): Promise<number> {
  const { write, tenant, from, to, print } = options;
  const app = await NestFactory.createApplicationContext(RebuildModule.forRoot(config), {
    logger: new NestLogger(),
    abortOnError: false,
  });
  try {
    const days = await app.get(KeptDays).all({ tenant, from, to });
    let total = 0;
    for (const day of days) {
      const differences = await app.get(RebuildDay).execute(day, { write });
      total += differences.length;
      const name = `${day.tenantId} ${day.appId} ${day.day}`;
      for (const { what, which, stored, raw } of differences.slice(0, TOLD_A_DAY))
        print(`${name}: ${what} ${which}: stored ${stored}; raw ${raw}`);
      if (differences.length > TOLD_A_DAY) print(`${name}: and ${differences.length - TOLD_A_DAY} more`);
    }
    print(`${days.length} days looked at, ${total} differences ${write ? 'corrected' : 'found'}`);
    return total;
  } finally {
    await app.close();
  }
}

if (require.main === module) {
  void bootOrExit('analytics:rebuild', async () => {
    const { values } = parseArgs({
      options: {
        write: { type: 'boolean' },
        tenant: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
      },
    });
    const { tenant, from, to, write = false } = values;
    if (tenant !== undefined && !isUuid(tenant)) throw new Error(USAGE);
    if (![from, to].every((day) => day === undefined || DAY.test(day))) throw new Error(USAGE);
    const differences = await rebuild(rebuildConfig.parse(process.env), {
      write,
      tenant: tenant as TenantId | undefined,
      from,
      to,
      print: (line) => process.stdout.write(`${line}\n`),
    });
    process.exitCode = !write && differences > 0 ? 1 : 0;
  });
}
