import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sqsClient } from '@libs/aws';
import { queues } from '@libs/contracts';
import { eventually, testAws } from '@libs/testing';
import { anEnvelope, upTo } from '../../test/member';
import { Batch } from '../batch';
import { BatchServer } from '../batch-server';
import { QueueSender } from '../queue-sender';
import { queueTransport } from '../queue-transport';
import { QueueTransportOptions } from '../queue-transport.options';
import { SqsQueueSender } from './sqs-queue-sender';

const queue = queues.releases.name;
type Numbered = Batch<{ n: number }>;
const numbers = (batch: Numbered): number[] => batch.messages.map((message) => message.envelope.payload.n);

describe('the SQS transport', () => {
  let aws: Awaited<ReturnType<typeof testAws>>;
  let client: SQSClient;
  let sender: SqsQueueSender;
  let url: string;
  let dlqUrl: string;
  let transports: BatchServer[];
  const within = { within: 20_000 };

  beforeEach(async () => {
    transports = [];
    aws = await testAws({ visibilitySeconds: 2 });
    client = sqsClient(aws.settings);
    sender = new SqsQueueSender(sqsClient(aws.settings));
    url = aws.queueUrls[queue] ?? '';
    dlqUrl = aws.queueUrls[queues.releases.deadLetters.name] ?? '';
  });
  afterEach(async () => {
    await Promise.all(transports.map((transport) => transport.close()));
    await sender.close();
    client.destroy();
    await aws.stop();
  });

  function consume(
    handle: (batch: Numbered) => Promise<void> | void,
    options: Partial<QueueTransportOptions> = {},
  ): BatchServer {
    const transport = queueTransport(aws.settings, {
      queue,
      queueUrl: url,
      visibilitySeconds: 2,
      waitSeconds: 1,
      ...options,
    });
    transport.addHandler(queue, async (batch: Numbered) => handle(batch), true);
    transports.push(transport);
    transport.listen((error) => {
      if (error) throw error as Error;
    });
    return transport;
  }

  const send = (ns: number[]): Promise<void> => fill(sender, ns);
  function fill(through: QueueSender, ns: number[]): Promise<void> {
    return through.send(
      url,
      ns.map((n) => ({ body: JSON.stringify(anEnvelope(queue, n)), attributes: { tenantId: 'a' } })),
    );
  }

  async function left(queueUrl: string): Promise<number> {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    return (
      Number(Attributes.ApproximateNumberOfMessages) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible)
    );
  }

  it('gathers what several long polls receive into one batch and deletes it after the handler', async () => {
    await send(upTo(120));
    const batches: Numbered[] = [];
    consume((batch) => void batches.push(batch), { maxWaitMs: 300 });
    await eventually(() => expect(batches.flatMap(numbers).sort((a, b) => a - b)).toEqual(upTo(120)), within);
    expect(batches.length).toBeLessThan(6);
    await eventually(async () => expect(await left(url)).toBe(0), within);
  });

  it('never puts more rows into a batch than asked for, unless one message has more', async () => {
    await send(upTo(60));
    const sizes: number[] = [];
    consume((batch) => void sizes.push(batch.size), { rowsOf: () => 10, maxRows: 50, maxWaitMs: 200 });
    await eventually(() => expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60), within);
    expect(Math.max(...sizes)).toBe(5);
  });

  it('does not wait for a full batch longer than asked for', async () => {
    let at = 0;
    consume(() => void (at = Date.now()), { maxWaitMs: 50 });
    await sleep(100);
    const sent = Date.now();
    await send([1]);
    await eventually(() => expect(at).toBeGreaterThan(0), within);
    expect(at - sent).toBeLessThan(5_000); // a full batch never comes
  });

  it('does not delete before the handler resolves', async () => {
    let finish: (() => void) | undefined;
    consume(() => new Promise<void>((resolve) => (finish = resolve)));
    await send([1]);
    await eventually(() => expect(finish).toBeDefined(), within);
    await sleep(500);
    expect(await left(url)).toBe(1);
    finish?.();
    await eventually(async () => expect(await left(url)).toBe(0), within);
  });

  it('keeps a message from others while a slow handler works on it', async () => {
    let calls = 0;
    const slow = async (): Promise<void> => {
      calls += 1;
      await sleep(5_000);
    };
    consume(slow, { visibilitySeconds: 4 });
    consume(slow, { visibilitySeconds: 4 });
    await send([1]);
    await eventually(async () => expect(await left(url)).toBe(0), within);
    expect(calls).toBe(1);
  });

  it('redelivers what failed, later each time, and dead-letters it after five receives while others flow', async () => {
    const times: number[] = [];
    const done: number[] = [];
    consume(
      (batch) => {
        if (numbers(batch).includes(7)) {
          if (batch.size === 1) times.push(Date.now());
          throw new Error('7 is poison');
        }
        done.push(...numbers(batch));
      },
      { backoffSeconds: (receives) => (receives < 3 ? 1 : 2) },
    );
    await send(upTo(10));
    await eventually(() => expect([...done].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 8, 9]), within);
    await eventually(async () => expect(await left(dlqUrl)).toBe(1), { within: 40_000 });
    expect(times).toHaveLength(5);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThan((times[1] ?? 0) - (times[0] ?? 0));
    expect(await left(url)).toBe(0);
  });

  it('holds a batch through an outage and spends no receives on it', async () => {
    let away = true;
    const receives: number[] = [];
    consume(
      (batch) => {
        if (away) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
        receives.push(...batch.messages.map((message) => message.receives));
      },
      { visibilitySeconds: 4 },
    );
    await send([1, 2, 3]);
    await sleep(5_000);
    away = false;
    await eventually(() => expect(receives).toEqual([1, 1, 1]), within);
    expect(await left(dlqUrl)).toBe(0);
  });

  it('copes with shuffled duplicates: every message is handled, and the queue ends empty', async () => {
    const twice = [...upTo(50), ...upTo(50)].sort((a, b) => ((a * 7919) % 101) - ((b * 104_729) % 101));
    await send(twice);
    const seen = new Set<number>();
    consume((batch) => numbers(batch).forEach((n) => seen.add(n)));
    await eventually(async () => expect(await left(url)).toBe(0), within);
    expect([...seen].sort((a, b) => a - b)).toEqual(upTo(50));
  });

  it('sends a malformed message to the dead-letter queue at once, with the reason', async () => {
    const done: number[] = [];
    consume((batch) => void done.push(...numbers(batch)), { deadLetterUrl: dlqUrl });
    await sender.send(url, [{ body: 'not an envelope' }]);
    await send([1]);
    await eventually(() => expect(done).toEqual([1]), within);
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: dlqUrl, WaitTimeSeconds: 5, MessageAttributeNames: ['All'] }),
    );
    expect(Messages).toMatchObject([
      { Body: 'not an envelope', MessageAttributes: { reason: { StringValue: 'malformed_envelope' } } },
    ]);
    await eventually(async () => expect(await left(url)).toBe(0), within);
  });

  it('gives a malformed message back while the dead-letter queue is away, and handles what came with it', async () => {
    await sender.send(url, [{ body: 'not an envelope' }]);
    await send(upTo(5));
    const done: number[] = [];
    consume((batch) => void done.push(...numbers(batch)), {
      deadLetterUrl: `${dlqUrl}-away`,
      longPolls: 1,
      backoffSeconds: () => 1,
    });
    await eventually(() => expect([...done].sort()).toEqual(upTo(5)), { within: 1_500 });
    // given back, not held: its receives count up, and the queue's own redrive takes it away
    await eventually(async () => expect(await left(dlqUrl)).toBe(1), { within: 40_000 });
  });

  it('shares the work between two consumers, each message handled once', async () => {
    const counts = [0, 0];
    const seen: number[] = [];
    for (const i of [0, 1])
      consume(
        async (batch) => {
          counts[i] = (counts[i] ?? 0) + batch.size;
          seen.push(...numbers(batch));
          await sleep(20);
        },
        { maxRows: 20, longPolls: 2 },
      );
    await send(upTo(400));
    await eventually(() => expect(seen).toHaveLength(400), within);
    expect([...seen].sort((a, b) => a - b)).toEqual(upTo(400));
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('gets back soon what the poll of a dead consumer received', async () => {
    const dying = sqsClient(aws.settings);
    const poll = new AbortController();
    const lost = dying.send(
      new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20, VisibilityTimeout: 60 }),
      {
        abortSignal: poll.signal,
      },
    );
    await sleep(200);
    poll.abort();
    await expect(lost).rejects.toThrow();
    dying.destroy();
    await send([1]);
    const done: number[] = [];
    consume((batch) => void done.push(...numbers(batch)));
    await eventually(() => expect(done).toEqual([1]), { within: 5_000 });
  });

  it('stops though a poll waits for room while the others rest', async () => {
    await send(upTo(15)); // a full receive wakes the other polls, and one of them takes the rest
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let calls = 0;
    const transport = consume(
      async () => {
        calls += 1;
        await gate;
      },
      { maxRows: 1, longPolls: 2, visibilitySeconds: 30 },
    );
    await eventually(() => expect(calls).toBe(1), within);
    await sleep(1_000); // both polls have come back and wait for room
    const closed = transport.close().then(() => 'closed');
    open();
    expect(await Promise.race([closed, sleep(10_000, 'hangs')])).toBe('closed');
  }, 30_000);

  it('finishes what is in hand when it stops', async () => {
    const done: number[] = [];
    let begun = false;
    const transport = consume(async (batch) => {
      begun = true;
      await sleep(300);
      done.push(...numbers(batch));
    });
    await send(upTo(5));
    await eventually(() => expect(begun).toBe(true), within);
    await transport.close();
    await eventually(async () => expect((await left(url)) + done.length).toBe(5), within);
    expect(done.length).toBeGreaterThan(0);
  });
});
