import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import { bootOrExit } from '@libs/config';
import { DeadLetters } from '@libs/database';
import { EventPublisher, TenantId, TenantTransaction } from '@libs/kernel';
import { NestLogger } from '@libs/logging';
import { RedriveConfig, redriveConfig } from './consolidated.config';
import { RedriveModule } from './consolidated.module';

const CHUNK = 500;

/** The letters of one tenant, or of nobody, from one topic. */
interface Pile {
  source: string;
  tenant_id: TenantId | null;
  letters: number;
  /** The database's clock: what is set aside again meanwhile is for the next time, or this would never end. */
  before: Date;
}

export interface RedriveOptions {
  dryRun: boolean;
  print: (line: string) => void;
}

/**
 * Publishes what was set aside on the topic it came from. Every consumer of it drops what it has had, so redriving
 * twice is harmless. @returns how many letters
 */
export async function redrive(config: RedriveConfig, { dryRun, print }: RedriveOptions): Promise<number> {
  const app = await NestFactory.createApplicationContext(RedriveModule.forRoot(config), {
    logger: new NestLogger(),
    abortOnError: false,
  });
  try {
    const [transaction, letters, publisher] = [
      app.get(TenantTransaction, { strict: false }),
      app.get(DeadLetters, { strict: false }),
      app.get(EventPublisher, { strict: false }),
    ];
    const some = ({ source, tenant_id, before }: Pile): Promise<number> =>
      transaction.runFor(tenant_id ? [tenant_id] : [], async () => {
        const found = (await letters.pending(source, CHUNK)).filter(({ createdAt }) => createdAt <= before);
        await publisher.publish(
          source,
          found.map(({ tenantId, payload }) => ({ key: tenantId ?? source, value: payload })),
        );
        // after they are published: a crash in between redrives them twice, never not at all
        await letters.markRedriven(found.map(({ id }) => id));
        return found.length;
      });
    let total = 0;
    for (const pile of await piles(config.operator.url)) {
      print(`${pile.tenant_id ?? 'no tenant'}: ${pile.letters} of ${pile.source}`);
      if (dryRun) total += pile.letters;
      else for (let count = await some(pile); count > 0; count = await some(pile)) total += count;
    }
    print(`${dryRun ? 'would redrive' : 'redriven'}: ${total} messages`);
    return total;
  } finally {
    await app.close();
  }
}

/** The worker's role sees only the tenants it names; the operator sees whose letters there are. */
async function piles(operatorUrl: string): Promise<Pile[]> {
  const operator = new Client({ connectionString: operatorUrl });
  await operator.connect();
  try {
    const { rows } = await operator.query<Pile>(
      `select source, tenant_id, count(*)::int as letters, now() as before from consolidated.dead_letter
       where redriven_at is null group by source, tenant_id order by source, tenant_id nulls first`,
    );
    return rows;
  } finally {
    await operator.end();
  }
}

// npm run consolidated:redrive [-- --dry-run]
if (require.main === module) {
  void bootOrExit('consolidated:redrive', async () => {
    await redrive(redriveConfig.parse(process.env), {
      dryRun: process.argv.includes('--dry-run'),
      print: (line) => process.stdout.write(`${line}\n`),
    });
  });
}
