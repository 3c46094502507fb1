import { mkdir } from 'node:fs/promises';
import { queues } from '@libs/contracts';
import { withTamedEmulator } from './aws-emulator';

export interface EmbeddedAws {
  /** Serves SQS and S3. */
  endpoint: string;
  region: string;
  /** Queue name → URL, the dead-letter queues included. */
  queueUrls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface EmbeddedAwsOptions {
  /** Where its state is kept over restarts; in memory where absent. */
  dataDir?: string;
  /** Any free one by default. */
  port?: number;
  /** Instead of the queue's own visibility timeout, where a test cannot wait a minute. */
  visibilitySeconds?: number;
}

interface DeclaredQueue {
  name: string;
  attributes: Record<string, string>;
}

const REGION = 'sa-east-1';

/** Starts an SQS and S3 emulator in this process, on the loopback, with every declared queue and its dead-letter queue. */
export async function startEmbeddedAws(options: EmbeddedAwsOptions = {}): Promise<EmbeddedAws> {
  if (options.dataDir) await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const { startFauxqs } = await import('fauxqs');
  const server = await withTamedEmulator(() =>
    startFauxqs({
      port: options.port ?? 0,
      logger: false,
      host: 'localhost',
      defaultRegion: REGION,
      dataDir: options.dataDir,
    }),
  );
  const { queues: made } = server.setup({ queues: declaredQueues(options.visibilitySeconds) });
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    region: REGION,
    queueUrls: Object.fromEntries(made.map(({ name, url }) => [name, url])),
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
