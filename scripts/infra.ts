import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { EmbeddedServiceError } from '@libs/embedded';
import { asFile, environments } from './infra-environment';
import { Infrastructure, startInfrastructure } from './infra-services';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const APPS = [
  'auth',
  'releases',
  'releases-worker',
  'consolidated',
  'events',
  'events-sink',
  'analytics',
  'analytics-worker',
];

/**
 * `npm run infra [-- --secured]`: the servers that the applications need, without Docker, until Ctrl-C.
 * MONEYFLOW_INFRA_DIR says where they keep their data; `--secured` points the applications at Kafka's TLS listener.
 */
async function main(): Promise<void> {
  const folder = resolve(process.env['MONEYFLOW_INFRA_DIR'] ?? '.data/infra');
  const infra = await startInfrastructure(folder, say);
  stopOnSignal(infra);
  const envFolder = join(folder, 'env');
  await mkdir(envFolder, { recursive: true, mode: 0o700 });
  const files = environments(infra, process.argv.includes('--secured'));
  for (const [name, environment] of Object.entries(files)) {
    await writeFile(join(envFolder, `${name}.env`), asFile(environment), { mode: 0o600 });
    say(`\n# ${name}.env\n${asFile(environment).trimEnd()}`);
  }
  report(infra, relative(process.cwd(), envFolder));
}

function report(infra: Infrastructure, envFolder: string): void {
  const { postgres, aws, redis, kafka, missing } = infra;
  say(`
PostgreSQL  127.0.0.1:${postgres.port}
SQS and S3  ${aws.endpoint}
Redis       ${redis?.url ?? 'not here: each process keeps its own, so run one process per app; a logout is heard by auth alone'}
Kafka       ${kafka ? `${kafka.brokers.join()} and, with TLS and SCRAM-SHA-512, ${kafka.saslBrokers.join()}` : 'not here: the event log is in PostgreSQL'}
${missing.map((reason) => `\nMissing: ${reason}`).join('')}
The database is up to date. Start each app in a terminal of its own:
${APPS.map((app) => `  (set -a; . ${envFolder}/${app}.env; npm run start:${app})`).join('\n')}
For operators (migrate, verify, redrive, rebuild): ${envFolder}/operator.env

Ctrl-C stops the servers; their data stays.`);
}

function stopOnSignal(infra: Infrastructure): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    say('\nStopping …');
    infra.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

main().catch((error: unknown) => {
  const known = error instanceof EmbeddedServiceError || (error as { code?: string }).code === 'EADDRINUSE';
  process.stderr.write(`${known ? (error as Error).message : String((error as Error).stack)}\n`);
  process.exit(1);
});
