import { mkdir } from 'node:fs/promises';
import { queues } from '@libs/contracts';
import { withTamedEmulator } from './aws-emulator';
import { AwsKey, EMULATOR_KEY } from './s3-signatures';

export interface EmbeddedAws {
  /** Serves SQS and S3. */
  endpoint: string;
  region: string;
  /** Queue name → URL, the dead-letter queues included. */
  queueUrls: Readonly<Record<string, string>>;
  /** The bucket of documents. */
  bucket: string;
  stop(): Promise<void>;
}

export interface EmbeddedAwsOptions {
  /** Where its state is kept over restarts; in memory where absent. */
  dataDir?: string;
  /** Any free one by default. */
  port?: number;
  /** Instead of the queue's own visibility timeout, where a test cannot wait a minute. */
  visibilitySeconds?: number;
  /** The key that clients were given instead of the emulator's own; S3 checks their signatures by it. */
  key?: AwsKey;
}

interface DeclaredQueue {
  name: string;
  attributes: Record<string, string>;
}

const REGION = 'sa-east-1';
const BUCKET = 'moneyflow-documents';

/**
 * Starts an SQS and S3 emulator in this process, on the loopback, with every declared queue, its dead-letter queue,
 * and a bucket.
 */
export async function startEmbeddedAws(options: EmbeddedAwsOptions = {}): Promise<EmbeddedAws> {
  if (options.dataDir) await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const { startFauxqs } = await import('fauxqs');
  const server = await withTamedEmulator([options.key ?? EMULATOR_KEY], () =>
    startFauxqs({
      port: options.port ?? 0,
      logger: false,
      host: 'localhost',
      defaultRegion: REGION,
      dataDir: options.dataDir,
    }),
  );
  const { queues: made } = server.setup({
    queues: declaredQueues(options.visibilitySeconds),
    buckets: [BUCKET],
  });
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    region: REGION,
    queueUrls: Object.fromEntries(made.map(({ name, url }) => [name, url])),
    bucket: BUCKET,
    stop: () => server.stop(),
  };
}

function declaredQueues(visibilitySeconds?: number): DeclaredQueue[] {
  return Object.values(queues).flatMap((queue): DeclaredQueue[] => [
    {
      name: queue.deadLetters.name,
      attributes: { MessageRetentionPeriod: String(queue.deadLetters.retentionSeconds) },
    },
    {
      name: queue.name,
      attributes: {
        VisibilityTimeout: String(visibilitySeconds ?? queue.visibilitySeconds),
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: `arn:aws:sqs:${REGION}:000000000000:${queue.deadLetters.name}`,
          maxReceiveCount: queue.maxReceives,
        }),
      },
    },
  ]);
}
