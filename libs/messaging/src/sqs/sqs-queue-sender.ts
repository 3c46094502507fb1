import { OnApplicationShutdown } from '@nestjs/common';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { failpoint } from '@libs/kernel';
import { Failures, MicroBatcher } from '../micro-batcher';
import { QueueEntry, QueueSender } from '../queue-sender';
import { QueueUnavailable } from '../queue-unavailable.error';

/** SQS's own limits for one request. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
const TIMEOUT_MS = 5_000;

/** Sends to SQS in batches of up to ten messages; needs the rights SendMessage only. */
export class SqsQueueSender extends QueueSender implements OnApplicationShutdown {
  private closing?: Promise<void>;
  private readonly lanes = new Map<string, MicroBatcher<QueueEntry>>();

  constructor(private readonly client: SQSClient) {
    super();
  }

  async send(queueUrl: string, entries: readonly QueueEntry[]): Promise<void> {
    const lane = this.laneOf(queueUrl);
    await Promise.all(entries.map((entry) => lane.add(entry)));
  }

  /** Once, however often it is asked. */
  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async shut(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.drain()));
    this.client.destroy();
  }

  private laneOf(queueUrl: string): MicroBatcher<QueueEntry> {
    const known = this.lanes.get(queueUrl);
    if (known) return known;
    const lane = new MicroBatcher<QueueEntry>((entries) => this.post(queueUrl, entries), {
      maxItems: MAX_ENTRIES,
      maxWeight: MAX_BYTES,
      weightOf: weigh,
      lingerMs: 1,
      concurrency: 16,
      maxWaiting: 5_000,
      refusal: () => new QueueUnavailable('too many messages wait to be sent'),
    });
    this.lanes.set(queueUrl, lane);
    return lane;
  }

  private async post(queueUrl: string, entries: QueueEntry[]): Promise<Failures> {
    failpoint('api.before-send');
    const { Failed = [] } = await this.request(queueUrl, entries);
    failpoint('api.after-send');
    const failures: (Error | undefined)[] = entries.map(() => undefined);
    for (const { Id, Code, Message } of Failed)
      failures[Number(Id)] = new QueueUnavailable(`${Code ?? ''} ${Message ?? ''}`.trim());
    return failures;
  }

  private async request(queueUrl: string, entries: QueueEntry[]) {
    const command = new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: entries.map(({ body, attributes = {} }, index) => ({
        Id: String(index),
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [
            name,
            { DataType: 'String', StringValue: value },
          ]),
        ),
      })),
    });
    try {
      return await this.client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new QueueUnavailable(error instanceof Error ? error.message : String(error), error);
    }
  }
}

function weigh({ body, attributes = {} }: QueueEntry): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) bytes += name.length + 6 + Buffer.byteLength(value);
  return bytes;
}
