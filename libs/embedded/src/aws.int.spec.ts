import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { sqsClient } from '@libs/aws';
import { queues } from '@libs/contracts';
import { EmbeddedAws, startEmbeddedAws } from './aws';

describe('the embedded SQS and S3', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  async function start(dataDir?: string): Promise<EmbeddedAws> {
    const aws = await startEmbeddedAws({ dataDir });
    stops.push(() => aws.stop());
    return aws;
  }

  it('keeps its messages over a restart, under the URL that the new start names', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'moneyflow-aws-'));
    stops.push(() => rm(dir, { recursive: true }));
    const first = await start(dir);
    await withClient(first, (client) =>
      client.send(new SendMessageCommand({ QueueUrl: urlOf(first), MessageBody: 'kept' })),
    );
    await stops.pop()?.();
    const second = await start(dir);
    const { Messages } = await withClient(second, (client) =>
      client.send(new ReceiveMessageCommand({ QueueUrl: urlOf(second) })),
    );
    expect(Messages).toMatchObject([{ Body: 'kept' }]);
  });

  it('answers on the loopback only', async () => {
    const aws = await start();
    expect((await fetch(`${aws.endpoint}/health`)).status).toBe(200);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4');
    if (!outside) return;
    const { port } = new URL(aws.endpoint);
    await expect(fetch(`http://${outside.address}:${port}/health`)).rejects.toThrow();
  });

  async function withClient<T>(aws: EmbeddedAws, work: (client: ReturnType<typeof sqsClient>) => Promise<T>) {
    const client = sqsClient({ region: aws.region, sqsEndpoint: aws.endpoint });
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  }

  function urlOf(aws: EmbeddedAws): string {
    return aws.queueUrls[queues.releases.name] ?? '';
  }
});
