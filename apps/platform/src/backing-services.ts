import { LEAST_ROLE_SECRET, migrate, roleUrl } from '@libs/database';
import { EmbeddedServiceError, startEmbeddedAws, startEmbeddedPostgres } from '@libs/embedded';
import { CannotStart } from './cannot-start';
import { DataFolder } from './data-folder';
import { schemas } from './schemas';
import { settled } from './settled';
import { Undo } from './undo';

/** What the applications stand on, by the names of the environment. */
export interface BackingServices {
  /** Variables that point every application at its services; what was given is not among them. */
  environment: Record<string, string>;
  /** The URL of one application's own role. */
  roleUrl: (role: string) => string;
  /** For the banner: `PostgreSQL (embedded)`. */
  described: string[];
}

/**
 * Starts the embedded services that the environment gives no other for, and brings the database up to date. What
 * was started is noted in `undo`.
 * @throws EmbeddedServiceError, CannotStart saying what to do
 */
export async function startBackingServices(
  folder: DataFolder,
  given: NodeJS.ProcessEnv,
  undo: Undo,
): Promise<BackingServices> {
  const [database, aws] = await settled([startDatabase(folder, given, undo), startAws(folder, given, undo)]);
  await migrate(database.adminUrl, schemas, database.roleSecret);
  const ownUrl = (role: string): string => roleUrl(database.adminUrl, role, database.roleSecret);
  return {
    environment: { EVENT_LOG_URL: ownUrl('event_log'), ...aws.environment },
    roleUrl: ownUrl,
    described: [
      `PostgreSQL (${given['DATABASE_ADMIN_URL'] ? 'given' : 'embedded'})`,
      given['KAFKA_BROKERS'] ? 'Kafka (given)' : 'event log in PostgreSQL',
      `SQS and S3 (${given['SQS_ENDPOINT'] ? 'given' : 'embedded'})`,
      given['REDIS_URL'] || given['REDIS_HOST'] ? 'Redis (given)' : 'caches in process',
    ],
  };
}

async function startDatabase(
  folder: DataFolder,
  given: NodeJS.ProcessEnv,
  undo: Undo,
): Promise<{ adminUrl: string; roleSecret: string }> {
  const adminUrl = given['DATABASE_ADMIN_URL'];
  if (adminUrl) {
    const roleSecret = given['DATABASE_ROLE_SECRET'];
    if (roleSecret && roleSecret.length >= LEAST_ROLE_SECRET) return { adminUrl, roleSecret };
    throw new CannotStart(
      `DATABASE_ADMIN_URL is given, but no DATABASE_ROLE_SECRET of ${LEAST_ROLE_SECRET} characters: the passwords of the roles derive from it.`,
      'Set DATABASE_ROLE_SECRET to a long random text (openssl rand -base64 32) and keep it.',
    );
  }
  const postgres = await startEmbeddedPostgres({ dataDir: folder.postgres });
  undo.add('PostgreSQL', () => postgres.stop());
  undo.onForce(() => {
    const { pid } = postgres;
    if (pid > 1) process.kill(pid, 'SIGINT'); // fast shutdown: it finishes by itself
  });
  const roleSecret = given['DATABASE_ROLE_SECRET'] ?? postgres.roleSecret;
  return { adminUrl: postgres.adminUrl, roleSecret };
}

async function startAws(
  folder: DataFolder,
  given: NodeJS.ProcessEnv,
  undo: Undo,
): Promise<{ environment: Record<string, string> }> {
  if (given['SQS_ENDPOINT']) return { environment: {} };
  const aws = await startEmbeddedAws({ dataDir: folder.aws, key: givenKey(given) }).catch(
    (error: unknown) => {
      if (error instanceof EmbeddedServiceError) throw error;
      throw new CannotStart(
        `The queues kept in ${folder.aws} cannot be opened: ${(error as Error).message}.`,
        `Restore ${folder.aws} from a backup, or delete it: what is posted is in the database and stays; what was accepted and not yet posted is lost with it.`,
        { cause: error },
      );
    },
  );
  undo.add('SQS and S3', () => aws.stop());
  return {
    environment: {
      AWS_REGION: aws.region,
      SQS_ENDPOINT: aws.endpoint,
      S3_ENDPOINT: aws.endpoint,
      S3_BUCKET: aws.bucket,
      SQS_RELEASES_QUEUE_URL: String(aws.queueUrls['releases']),
      SQS_RELEASES_DLQ_URL: String(aws.queueUrls['releases-dlq']),
    },
  };
}

/** Keys in the shell are what the applications will sign with. */
function givenKey(given: NodeJS.ProcessEnv): { accessKeyId: string; secretAccessKey: string } | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = given;
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}
