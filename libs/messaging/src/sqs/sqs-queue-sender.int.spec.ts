import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sqsClient } from '@libs/aws';
import { Envelope, queues } from '@libs/contracts';
import { testAws } from '@libs/testing';
import { anEnvelope, upTo } from '../../test/member';
import { QueuePacker } from '../queue-packer';
import { QueueUnavailable } from '../queue-unavailable.error';
import { SqsQueueSender } from './sqs-queue-sender';

describe('sending to SQS', () => {
  let aws: Awaited<ReturnType<typeof testAws>>;
  let client: SQSClient;
  let requests: number;
  let sender: SqsQueueSender;
  let url: string;

  beforeEach(async () => {
    aws = await testAws();
    url = aws.queueUrls[queues.releases.name] ?? '';
    client = sqsClient(aws.settings);
    requests = 0;
    client.middlewareStack.add(
      (next) => (args) => {
        requests += 1;
        return next(args);
      },
      { step: 'finalizeRequest' },
    );
    sender = new SqsQueueSender(client);
  });
  afterEach(async () => {
    await sender.close();
    await aws.stop();
  });

  async function bodies(): Promise<string[]> {
    const reader = sqsClient(aws.settings);
    const found: string[] = [];
    for (;;) {
      const { Messages = [] } = await reader.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      found.push(...Messages.map((message) => message.Body ?? ''));
    }
    reader.destroy();
    return found;
  }

  it('carries what many send at once in requests of ten', async () => {
    await Promise.all(upTo(100).map((n) => sender.send(url, [{ body: `message ${n}` }])));
    expect(requests).toBeLessThanOrEqual(12);
    expect((await bodies()).sort()).toEqual(
      upTo(100)
        .map((n) => `message ${n}`)
        .sort(),
    );
  });

  it('keeps a request below 256 KiB', async () => {
    const large = 'x'.repeat(150 * 1024);
    await sender.send(url, [{ body: large }, { body: large }, { body: large }]);
    expect(requests).toBe(3);
    expect(await bodies()).toHaveLength(3);
  });

  it('refuses by name when the queue is away', async () => {
    const gone = await testAws();
    await gone.stop();
    const lonely = new SqsQueueSender(sqsClient(gone.settings));
    await expect(lonely.send(url, [{ body: 'x' }])).rejects.toBeInstanceOf(QueueUnavailable);
    await lonely.close();
  });

  it('refuses at once when more waits than it may hold', async () => {
    const sent = await Promise.allSettled(upTo(8_000).map((n) => sender.send(url, [{ body: `${n}` }])));
    const refused = sent.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: 'queue_unavailable', retryAfter: 1 } });
  });

  it('sends characters that SQS refuses as escapes, which read back the same', async () => {
    const packer = new QueuePacker<{ text: string }>(sender, {
      queueUrl: url,
      maxRows: 10,
      maxBytes: 2_000,
      envelopeOf: (tenantId, rows) => ({ ...anEnvelope('q', 0, tenantId), payload: { rows } }),
    });
    const text = 'a\uFFFE\uFFFFz \u{1F3DE}';
    await packer.add('one', [{ text }]);
    const [body = ''] = await bodies();
    expect(body).toContain(String.raw`a\ufffe\uffffz \ud83c\udfde`);
    expect((JSON.parse(body) as Envelope<{ rows: unknown }>).payload.rows).toEqual([{ text }]);
  });

  it('packs rows of a tenant from several callers into common messages, up to the limits', async () => {
    const packer = new QueuePacker<{ n: number; text: string }>(sender, {
      queueUrl: url,
      maxRows: 100,
      maxBytes: 200 * 1024,
      envelopeOf: (tenantId, rows) => ({ ...anEnvelope('releases', 0, tenantId), payload: { rows } }),
    });
    const row = (n: number) => ({ n, text: 'ç'.repeat(1_500) });
    await Promise.all([
      ...upTo(120).map((n) => packer.add('one', [row(n)])),
      packer.add('other', upTo(30).map(row)),
    ]);
    const texts = await bodies();
    const packed = texts.map((text) => JSON.parse(text) as Envelope<{ rows: { n: number }[] }>);
    const rowsOf = (tenant: string): number[] =>
      packed
        .filter(({ tenantId }) => tenantId === tenant)
        .flatMap(({ payload }) => payload.rows.map(({ n }) => n))
        .sort((a, b) => a - b);
    expect(rowsOf('one')).toEqual(upTo(120));
    expect(rowsOf('other')).toEqual(upTo(30));
    expect(packed.length).toBeLessThanOrEqual(4);
    expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(200 * 1024);
  });
});
