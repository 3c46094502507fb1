import { Message, SQSClient } from '@aws-sdk/client-sqs';
import { MalformedEnvelope, parseEnvelope } from '@libs/contracts';
import { failpoint } from '@libs/kernel';
import { logger } from '@libs/logging';
import { Batch, Received } from '../batch';
import { BatchServer, QUEUE } from '../batch-server';
import { bisect } from '../bisect';
import { backoff, pause } from '../pause';
import { QueueTransportOptions } from '../queue-transport.options';
import { willPass } from '../will-pass';
import { Accumulator } from './accumulator';
import { HeldMessages } from './held-messages';
import { FULL_RECEIVE, SqsQueue } from './sqs-queue';

const log = logger('sqs');
/** An emulator that persists refuses 0. */
const AT_ONCE_SECONDS = 1;
const LONGEST_BACKOFF_SECONDS = 60;
/** Between two receives that were not full: what arrives meanwhile comes in one request instead of many. */
const GATHER_MS = 20;

interface QueueMessage extends Received {
  handle: string;
}

/** Consumes an SQS queue by several long polls; deletes messages after their batch was handled. */
export class SqsQueueServer extends BatchServer {
  override transportId = QUEUE;
  private readonly queue: SqsQueue;
  private readonly stopping = new AbortController();
  private readonly accumulator: Accumulator<QueueMessage>;
  private readonly visibilitySeconds: number;
  private held?: HeldMessages;
  private polls: Promise<void>[] = [];
  /** Whether the last receive came back full: then every poll goes out, else one keeps watch. */
  private backlogged = false;
  private resting: (() => void)[] = [];
  private readonly deletions = new Set<Promise<void>>();

  constructor(
    client: SQSClient,
    private readonly options: QueueTransportOptions,
  ) {
    super();
    this.queue = new SqsQueue(client, options.queueUrl);
    this.visibilitySeconds = options.visibilitySeconds ?? 60;
    this.accumulator = new Accumulator((messages) => this.work(messages), {
      maxRows: options.maxRows ?? 500,
      maxWaitMs: options.maxWaitMs ?? 50,
    });
  }

  override listen(callback: (error?: unknown) => void): void {
    try {
      this.handlerFor(this.options.queue);
    } catch (error) {
      callback(error);
      return;
    }
    this.held = new HeldMessages(this.visibilitySeconds, (handles) =>
      this.queue.setVisibility(handles, () => this.visibilitySeconds),
    );
    this.polls = Array.from({ length: this.options.longPolls ?? 4 }, (_, index) => this.poll(index));
    callback();
  }

  override check(): Promise<void> {
    return this.queue.check();
  }

  protected override async shut(): Promise<void> {
    this.stopping.abort();
    this.wakeAll();
    await Promise.all(this.polls);
    await this.accumulator.drain();
    await Promise.all(this.deletions);
    this.held?.stop();
    this.queue.destroy();
  }

  private async poll(index: number): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted;) {
      if (index > 0 && !this.backlogged) await new Promise<void>((resolve) => this.resting.push(resolve));
      // last: whoever rests is woken when this stops, and whoever waits for room gets it
      await this.accumulator.room();
      if (this.stopping.signal.aborted) return;
      try {
        failpoint('worker.before-receive');
        const messages = await this.queue.receive(
          this.visibilitySeconds,
          this.options.waitSeconds ?? 20,
          this.stopping.signal,
        );
        if (messages.length > 0) failpoint('worker.after-receive');
        failures = 0;
        this.backlogged = messages.length === FULL_RECEIVE;
        if (this.backlogged) this.wakeAll();
        for (const message of messages) await this.accept(message);
        if (!this.backlogged && messages.length > 0) await pause(GATHER_MS, this.stopping.signal);
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        failures += 1;
        log.warn({ err: error, queue: this.options.queue, failures }, 'cannot receive');
        await pause(backoff(failures), this.stopping.signal);
      }
    }
  }

  private wakeAll(): void {
    this.resting.splice(0).forEach((wake) => wake());
  }

  private async accept({ Body = '', ReceiptHandle = '', Attributes }: Message): Promise<void> {
    this.held?.hold(ReceiptHandle);
    const receives = Number(Attributes?.ApproximateReceiveCount ?? 1);
    try {
      const envelope = parseEnvelope(Body);
      const rows = this.options.rowsOf?.(envelope) ?? 1;
      this.accumulator.add({ envelope, text: Body, receives, handle: ReceiptHandle }, rows);
    } catch (error) {
      if (!(error instanceof MalformedEnvelope)) throw error;
      await this.refuse(Body, ReceiptHandle, receives, error);
    }
  }

  private async refuse(body: string, handle: string, receives: number, error: Error): Promise<void> {
    log.error({ queue: this.options.queue, reason: error.message }, 'malformed message');
    const { deadLetterUrl } = this.options;
    if (deadLetterUrl === undefined) return this.giveBack([{ handle, receives }]);
    try {
      await this.queue.forward(deadLetterUrl, body, 'malformed_envelope', error.message);
    } catch (failure) {
      log.warn({ err: failure, queue: this.options.queue }, 'the dead-letter queue does not take messages');
      return this.giveBack([{ handle, receives }]);
    }
    await this.delete([handle]);
  }

  /** Never rejects: a batch ends deleted, or back on the queue. */
  private async work(messages: QueueMessage[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const poisoned = await bisect(
          messages,
          (some) => this.attempt(some),
          (error) => !this.passes(error),
        );
        const failed = new Set(poisoned.map(({ row }) => row));
        for (const { row, error } of poisoned)
          log.error({ err: error, queue: this.options.queue, receives: row.receives }, 'message failed');
        this.deleteLater(messages.filter((message) => !failed.has(message)));
        await this.giveBack([...failed]);
        return;
      } catch (error) {
        log.warn({ err: error, queue: this.options.queue, attempt, size: messages.length }, 'batch waits');
        await pause(backoff(attempt), this.stopping.signal);
        if (this.stopping.signal.aborted) return this.giveBack(messages, AT_ONCE_SECONDS);
      }
    }
  }

  private attempt(messages: readonly QueueMessage[]): Promise<void> {
    return this.handle(this.options.queue, new Batch(this.options.queue, messages));
  }

  private passes(error: unknown): boolean {
    return willPass(error, this.options.isTransient);
  }

  private deleteLater(messages: QueueMessage[]): void {
    const deletion = this.delete(messages.map(({ handle }) => handle)).finally(() =>
      this.deletions.delete(deletion),
    );
    this.deletions.add(deletion);
  }

  private async delete(handles: string[]): Promise<void> {
    try {
      failpoint('worker.before-delete');
      const failed = await this.queue.delete(handles);
      failpoint('worker.after-delete');
      if (failed > 0) log.warn({ queue: this.options.queue, failed }, 'messages not deleted come again');
    } catch (error) {
      log.warn({ err: error, queue: this.options.queue }, 'messages not deleted come again');
    } finally {
      handles.forEach((handle) => this.held?.release(handle));
    }
  }

  /** Lets the queue show them again, the later the oftener they failed; its redrive policy counts the receives. */
  private async giveBack(messages: { handle: string; receives: number }[], seconds?: number): Promise<void> {
    if (messages.length === 0) return;
    messages.forEach(({ handle }) => this.held?.release(handle));
    const delays = new Map(
      messages.map(({ handle, receives }) => [handle, seconds ?? this.backoffSeconds(receives)]),
    );
    try {
      await this.queue.setVisibility([...delays.keys()], (handle) => delays.get(handle) ?? AT_ONCE_SECONDS);
    } catch (error) {
      log.warn({ err: error, queue: this.options.queue }, 'messages come again after their visibility');
    }
  }

  private backoffSeconds(receives: number): number {
    return this.options.backoffSeconds?.(receives) ?? Math.min(LONGEST_BACKOFF_SECONDS, 2 ** (receives - 1));
  }
}
