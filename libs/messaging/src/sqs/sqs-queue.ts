import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** SQS takes ten entries a request, and gives as many. */
const ENTRIES = 10;
export const FULL_RECEIVE = ENTRIES;

/** What a consumer asks of one SQS queue. */
export class SqsQueue {
  constructor(
    private readonly client: SQSClient,
    private readonly url: string,
  ) {}

  async check(): Promise<void> {
    await this.client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['QueueArn'] }),
      { abortSignal: AbortSignal.timeout(2_000) },
    );
  }

  /** One long poll: up to ten messages, or none after `waitSeconds` or when `signal` aborts. */
  async receive(visibilitySeconds: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]> {
    const { Messages = [] } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: ENTRIES,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: visibilitySeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
      { abortSignal: signal },
    );
    return Messages;
  }

  /** @returns how many could not be deleted; they come again */
  async delete(handles: readonly string[]): Promise<number> {
    const failed = await this.inTens(handles, async (ten) => {
      const { Failed = [] } = await this.client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: this.url,
          Entries: ten.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
        }),
      );
      return Failed.length;
    });
    return failed.reduce((sum, count) => sum + count, 0);
  }

  async setVisibility(handles: readonly string[], secondsOf: (handle: string) => number): Promise<void> {
    await this.inTens(handles, (ten) =>
      this.client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: this.url,
          Entries: ten.map((ReceiptHandle, index) => ({
            Id: String(index),
            ReceiptHandle,
            VisibilityTimeout: secondsOf(ReceiptHandle),
          })),
        }),
      ),
    );
  }

  /** Puts a message on another queue, with why. */
  async forward(queueUrl: string, body: string, reason: string, detail: string): Promise<void> {
    const text = (value: string) => ({ DataType: 'String', StringValue: value });
    await this.client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: { reason: text(reason), detail: text(detail.slice(0, 500)) },
      }),
    );
  }

  destroy(): void {
    this.client.destroy();
  }

  private inTens<T>(handles: readonly string[], send: (ten: string[]) => Promise<T>): Promise<T[]> {
    const requests: Promise<T>[] = [];
    for (let from = 0; from < handles.length; from += ENTRIES)
      requests.push(send(handles.slice(from, from + ENTRIES)));
    return Promise.all(requests);
  }
}
