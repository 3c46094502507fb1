import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { s3Client, sqsClient } from './clients';

const SHORT_MS = 200;

/** Nobody waits 25 s here. */
function hurry({ config }: { config: { requestHandler: object } }): void {
  const handler = config.requestHandler as { updateHttpClientConfig(name: string, value: number): void };
  handler.updateHttpClientConfig('requestTimeout', SHORT_MS);
}

describe('a service that takes a request and never answers', () => {
  let silent: Server;
  let endpoint: string;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    silent = createServer((socket) => void sockets.add(socket.resume()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('is given up: a poll that waits for ever would be a consumer that stands still', async () => {
    const client = sqsClient({ region: 'sa-east-1', sqsEndpoint: endpoint });
    hurry(client);
    const poll = client.send(new ReceiveMessageCommand({ QueueUrl: `${endpoint}/0/releases` }));
    await expect(poll).rejects.toThrow(/requestTimeout/);
    client.destroy();
  }, 20_000); // loading the client counts, too

  it('is given up for buckets as well', async () => {
    const client = s3Client({ region: 'sa-east-1', s3Endpoint: endpoint });
    hurry(client);
    await expect(client.send(new ListBucketsCommand({}))).rejects.toThrow(/requestTimeout/);
    client.destroy();
  }, 20_000); // loading the client counts, too
});
