import { MalformedEnvelope, parseEnvelope } from '@libs/contracts';
import { failpoint } from '@libs/kernel';
import { logger } from '@libs/logging';
import { Batch, Received } from './batch';
import { BatchServer, EVENT_LOG } from './batch-server';
import { bisect } from './bisect';
import { LagProbe, TopicLag, watchLag } from './consumer-lag';
import { deadLetter, DeadLetter } from './dead-letter';
import { ClosablePublisher } from './event-publishers';
import { EventTransportOptions } from './event-transport.options';
import { backoff, pause } from './pause';
import { stretches } from './stretches';
import { willPass } from './will-pass';

const log = logger('messaging');
/** Of one batch, in characters, unless a consumer says otherwise: more may be a transaction that takes seconds. */
const BATCH_SIZE = 1024 * 1024;

/** Of what comes next. */
export interface Failures {
  times: number;
  /** Those that were no outage, which says nothing of a message: only they bring it closer to its dead letter. */
  faults: number;
}

/** What both event transports share: parsing, retries, isolation of poison and its way to `<topic>.dlq`. */
export abstract class EventServer extends BatchServer implements LagProbe {
  override transportId = EVENT_LOG;
  protected readonly stopping = new AbortController();
  protected readonly maxBatch: number;
  private untellLag?: () => void;

  protected constructor(
    protected readonly options: EventTransportOptions,
    private readonly deadLetters: ClosablePublisher,
  ) {
    super();
    this.maxBatch = options.maxBatch ?? 1_000;
  }

  get group(): string {
    return this.options.group;
  }

  abstract lag(): Promise<TopicLag[]>;

  protected tellLag(): void {
    this.untellLag = watchLag(this);
  }

  protected stop(): void {
    this.stopping.abort();
    this.untellLag?.();
  }

  /** Cuts what was read into what a handler may get at once. */
  protected batches<Message>(
    messages: readonly Message[],
    sizeOf: (message: Message) => number,
  ): Generator<readonly Message[]> {
    return stretches(
      messages,
      { items: this.maxBatch, size: this.options.maxBatchSize ?? BATCH_SIZE },
      sizeOf,
    );
  }

  /** The topics somebody handles. @throws Error when nobody handles any or two claim one */
  protected topics(): string[] {
    const topics = [...this.getHandlers().keys()];
    topics.forEach((topic) => this.handlerFor(topic));
    return topics;
  }

  /**
   * Hands messages to the topic's handler until they are done: handled, or dead-lettered.
   * @returns false when the transport stopped first; they must be delivered again
   */
  protected async deliver(topic: string, texts: readonly string[]): Promise<boolean> {
    const failed = { times: 0, faults: 0 };
    while (!this.stopping.signal.aborted) {
      if (await this.deliverOnce(topic, texts, failed)) return true;
      await pause(backoff(failed.times), this.stopping.signal);
    }
    return false;
  }

  /**
   * One try of what has `failed` before, where it is counted if it does again.
   * @returns whether the messages are done; if not they must be delivered again, after a pause
   */
  protected async deliverOnce(topic: string, texts: readonly string[], failed: Failures): Promise<boolean> {
    const { good, bad } = readAll(texts);
    try {
      await this.attempt(topic, good, failed);
    } catch (error) {
      failed.times += 1;
      const { group } = this.options;
      log.warn({ err: error, topic, group, attempt: failed.times, size: good.length }, 'batch failed');
      return false;
    }
    return bad.length === 0 || this.bury(topic, bad);
  }

  private async attempt(topic: string, good: readonly Received[], failed: Failures): Promise<void> {
    if (good.length === 0) return;
    try {
      failpoint('consumer.before-consume');
      await this.handle(topic, new Batch(topic, good));
      failpoint('consumer.after-consume');
    } catch (error) {
      if (willPass(error, this.options.isTransient)) throw error;
      failed.faults += 1;
      if (failed.faults < (this.options.maxAttempts ?? 5)) throw error;
      await this.isolate(topic, good);
    }
  }

  /** Splits the batch until what cannot be handled stands alone, and buries that. */
  private async isolate(topic: string, messages: readonly Received[]): Promise<void> {
    const poisoned = await bisect(
      messages,
      (rows) => this.handle(topic, new Batch(topic, rows)),
      (error) => !willPass(error, this.options.isTransient),
    );
    const letters = poisoned.map(({ row, error }) => ({
      text: row.text,
      key: row.envelope.tenantId,
      reason: 'handler_failed',
      detail: error instanceof Error ? error.message : String(error),
    }));
    if (letters.length > 0 && !(await this.bury(topic, letters))) throw new Error('stopped before burial');
  }

  private async bury(topic: string, letters: DeadLetter[]): Promise<boolean> {
    let kept = false;
    for (let attempt = 1; !this.stopping.signal.aborted; attempt++) {
      try {
        if (!kept) await this.options.keep?.(topic, letters);
        kept = true;
        await deadLetter(this.deadLetters, topic, letters);
        log.error(
          { topic, group: this.options.group, reasons: letters.map((l) => l.reason) },
          'dead-lettered',
        );
        return true;
      } catch (error) {
        log.warn({ err: error, topic, attempt }, 'dead letters cannot be put aside yet');
        await pause(backoff(attempt), this.stopping.signal);
      }
    }
    return false;
  }
}

function readAll(texts: readonly string[]): { good: Received[]; bad: DeadLetter[] } {
  const good: Received[] = [];
  const bad: DeadLetter[] = [];
  for (const text of texts) {
    try {
      good.push({ envelope: parseEnvelope(text), text, receives: 1 });
    } catch (error) {
      if (!(error instanceof MalformedEnvelope)) throw error;
      bad.push({ text, reason: 'malformed_envelope', detail: error.message });
    }
  }
  return { good, bad };
}
