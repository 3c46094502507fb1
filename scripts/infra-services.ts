import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '@libs/database';
import {
  EmbeddedAws,
  EmbeddedPostgres,
  kafkaMissing,
  LocalKafka,
  LocalRedis,
  redisMissing,
  startEmbeddedAws,
  startEmbeddedPostgres,
  startKafka,
  startRedis,
} from '@libs/embedded';
import { schemas } from './migrate';

const SECRETS = [
  'RELEASE_ID_SECRET',
  'AUTH_KEY_SECRET',
  'API_KEY_SECRET',
  'EVENT_PSEUDONYM_SECRET',
  'WEBHOOK_SECRET',
] as const;

/** The servers an installation stands on; Redis and Kafka only where the machine has them. */
export interface Infrastructure {
  postgres: EmbeddedPostgres;
  aws: EmbeddedAws;
  redis?: LocalRedis;
  kafka?: LocalKafka;
  kafkaCa: string;
  secrets: Record<(typeof SECRETS)[number], string>;
  /** What cannot be had here and how to get it, a sentence each. */
  missing: string[];
  stop(): Promise<void>;
}

/** Starts what this machine can, keeps its data in `folder`, and brings the database up to date. */
export async function startInfrastructure(
  folder: string,
  say: (line: string) => void,
): Promise<Infrastructure> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [noRedis, noKafka] = [redisMissing(), kafkaMissing()];
  const started: { stop(): Promise<void> }[] = [];
  const note = <T extends { stop(): Promise<void> }>(service: T): T => {
    started.push(service);
    return service;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.splice(0).map((service) => service.stop()));
  };
  try {
    say(
      'Starting PostgreSQL, SQS and S3, Redis and Kafka; the first time Kafka is fetched from Maven Central …',
    );
    const absent = Promise.resolve(undefined);
    const kafkaDir = join(folder, 'kafka');
    const starting = [
      startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: say }).then(note),
      startEmbeddedAws({ dataDir: join(folder, 'aws'), port: 4566 }).then(note),
      noRedis ? absent : startRedis({ dir: join(folder, 'redis'), port: 6379 }).then(note),
      noKafka
        ? absent
        : startKafka({ dir: kafkaDir, ports: { plain: 9092, sasl: 9094, controller: 9093 } }).then(note),
    ] as const;
    await Promise.allSettled(starting);
    const [postgres, aws, redis, kafka] = await Promise.all(starting);
    await migrate(postgres.adminUrl, schemas, postgres.roleSecret);
    return {
      postgres,
      aws,
      redis,
      kafka,
      kafkaCa: join(kafkaDir, 'ca.pem'),
      secrets: keptSecrets(join(folder, 'secrets.json')),
      missing: [noRedis, noKafka].filter((reason) => reason !== undefined),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function keptSecrets(file: string): Infrastructure['secrets'] {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  // A folder from before there was one of them gets that one.
  const missing = SECRETS.filter((name) => !kept[name]);
  for (const name of missing) kept[name] = randomBytes(32).toString('base64url');
  if (missing.length > 0) writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
  return kept;
}
