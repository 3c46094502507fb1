import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { MalformedEnvelope, QueuedReleasesV1, parseEnvelope } from '@libs/contracts';
import { Clock } from '@libs/kernel';
import { QueueSender, queueText } from '@libs/messaging';
import { DeadLetterLine, DeadRelease } from '../../application/redrive-releases';
import { deadLetterEnvelope } from './sqs-dead-letter-queue';
import { fingerprintOf } from './queued-release';

/** Long enough to send a message on and delete it; then another redrive may have what this one left. */
const VISIBILITY_SECONDS = 30;

export class SqsDeadLetterLine extends DeadLetterLine {
  constructor(
    private readonly client: SQSClient,
    private readonly sender: QueueSender,
    private readonly urls: { queueUrl: string; deadLetterUrl: string },
    private readonly clock: Clock,
  ) {
    super();
  }

  async count(): Promise<number> {
    const { Attributes } = await this.client.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.urls.deadLetterUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  async putBack(letters: readonly DeadRelease[]): Promise<void> {
    const at = this.clock.now();
    await this.sender.send(
      this.urls.queueUrl,
      letters.map((letter) => ({ body: queueText(deadLetterEnvelope(letter, at)) })),
    );
  }

  async moveBack(before: Date, done: ReadonlySet<string>): Promise<number> {
    let moved = 0;
    for (;;) {
      const messages = await this.receive();
      const old = messages.filter((message) => Number(message.Attributes?.SentTimestamp) <= before.getTime());
      // SQS keeps no order, so newer ones among them do not end it; a look that finds nothing old does
      if (old.length === 0) return moved;
      for (const { Body = '', ReceiptHandle } of old) {
        if (!isDone(Body, done)) {
          await this.sender.send(this.urls.queueUrl, [{ body: Body }]);
          moved += 1;
        }
        // after the send: a crash in between leaves a second copy, never none
        await this.client.send(
          new DeleteMessageCommand({ QueueUrl: this.urls.deadLetterUrl, ReceiptHandle }),
        );
      }
    }
  }

  private async receive(): Promise<Message[]> {
    const { Messages = [] } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.urls.deadLetterUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: VISIBILITY_SECONDS,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    return Messages;
  }
}

/** Whether every release of the message went back as a row already. */
function isDone(body: string, done: ReadonlySet<string>): boolean {
  try {
    const { tenantId, payload } = parseEnvelope<Partial<QueuedReleasesV1>>(body);
    const { releases } = payload;
    return (
      Array.isArray(releases) &&
      releases.length > 0 &&
      releases.every((item) => done.has(fingerprintOf(tenantId, item)))
    );
  } catch (error) {
    if (error instanceof MalformedEnvelope) return false;
    throw error;
  }
}
