import { parseArgs } from 'node:util';
import { DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import { DatabaseModule, DeadLetters, StoredDeadLetter } from '@libs/database';
import { EventPublisher, TenantId, TenantTransaction } from '@libs/kernel';
import { NestLogger } from '@libs/logging';
import { MessagingModule } from './messaging.module';
import { MessagingSettings } from './messaging.settings';
import { stretches } from './stretches';

/** Letters read at once: each may be as large as a message of the log, about 1 MiB. */
const AT_ONCE = 50;
/** What is published at once, in characters: a publisher holds so many bytes and no more. */
const PUBLISHED_AT_ONCE = 512 * 1024;

export interface RedriveSettings {
  /** Whose letters they are: `<schema>.dead_letter`. */
  schema: string;
  /** The role of its consumers, and the variable that `url` came from. */
  worker: { url: string; urlVariable: string };
  operator: { url: string };
  messaging: MessagingSettings;
}

export interface RedriveOptions {
  /** Only says what there is. */
  dryRun: boolean;
  print: (line: string) => void;
}

/** The letters of one tenant, or of nobody, from one topic. */
interface Pile {
  source: string;
  tenant_id: TenantId | null;
  letters: number;
  /** The database's clock: what is set aside again meanwhile is for the next time, or this would never end. */
  before: Date;
}

/**
 * Publishes what was set aside on the topic it came from. Every consumer of it drops what it has had, so redriving
 * twice is harmless. @returns how many letters
 */
export async function redriveDeadLetters(
  settings: RedriveSettings,
  { dryRun, print }: RedriveOptions,
): Promise<number> {
  const app = await NestFactory.createApplicationContext(RedriveModule.forRoot(settings), {
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
        const found = await letters.pending(source, AT_ONCE, before);
        for (const few of stretches(found, { items: AT_ONCE, size: PUBLISHED_AT_ONCE }, sizeOf))
          await publisher.publish(
            source,
            few.map(({ tenantId, payload }) => ({ key: tenantId ?? source, value: payload })),
          );
        // after they are published: a crash in between redrives them twice, never not at all
        await letters.markRedriven(found.map(({ id }) => id));
        return found.length;
      });
    let total = 0;
    for (const pile of await piles(settings)) {
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

/** What `-- --dry-run` of a command line asks for. @throws TypeError for anything else: a slip must not redrive */
export function redriveOptions(args: string[]): RedriveOptions {
  const { values } = parseArgs({ args, options: { 'dry-run': { type: 'boolean' } } });
  return {
    dryRun: values['dry-run'] ?? false,
    print: (line) => process.stdout.write(`${line}\n`),
  };
}

/** The worker's role sees only the tenants it names; the operator sees whose letters there are. */
async function piles({ schema, operator: { url } }: RedriveSettings): Promise<Pile[]> {
  const operator = new Client({ connectionString: url, application_name: `moneyflow-${schema}-redrive` });
  await operator.connect();
  try {
    const { rows } = await operator.query<Pile>(
      `select source, tenant_id, count(*)::int as letters, now() as before from ${schema}.dead_letter
       where redriven_at is null group by source, tenant_id order by source, tenant_id nulls first`,
    );
    return rows;
  } finally {
    await operator.end();
  }
}

function sizeOf({ payload }: StoredDeadLetter): number {
  return payload.length;
}

@Module({})
class RedriveModule {
  static forRoot({ schema, worker, messaging }: RedriveSettings): DynamicModule {
    return {
      module: RedriveModule,
      imports: [
        DatabaseModule.forRoot({ name: `${schema}-redrive`, schema, poolMax: 1, ...worker }),
        MessagingModule.forRoot(messaging),
      ],
    };
  }
}
