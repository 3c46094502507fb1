import { BaseRpcContext, CustomTransportStrategy, MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { newId, requestContext } from '@libs/kernel';
import { Batch } from './batch';

/** Marks handlers of topics where an app has a queue, too: `@EventPattern(topics.releasesPosted, EVENT_LOG)`. */
export const EVENT_LOG = Symbol('event log');
/** Marks handlers of queues: `@EventPattern(queues.releases.name, QUEUE)`. */
export const QUEUE = Symbol('queue');

/** A Nest transport whose `@EventPattern` handlers take a Batch; made by eventTransport or queueTransport. */
export abstract class BatchServer extends Server implements CustomTransportStrategy {
  // Failures are ours to retry; Nest must not log and drop them.
  override readonly propagatesEventHandlerErrors = true;

  private closing?: Promise<void>;

  /** Rejects while the carrier cannot be reached: a readiness probe. */
  abstract check(): Promise<void>;
  abstract override listen(callback: (error?: unknown) => void): void;
  /** Stops receiving, waits for what is being handled, acknowledges it and disconnects. */
  override close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }
  protected abstract shut(): Promise<void>;

  override on(): void {
    throw new Error('a batch transport emits no events');
  }
  override unwrap<T>(): T {
    throw new Error('a batch transport exposes no client');
  }

  /** Runs the one handler of a topic or queue to its end. @throws what the handler threw */
  protected async handle(pattern: string, batch: Batch): Promise<void> {
    const handler = this.handlerFor(pattern);
    const [first] = batch.messages;
    const requestId = batch.size === 1 && first ? first.envelope.requestId : newId();
    await requestContext.run({ requestId }, async () => {
      const result: unknown = await handler(batch, new BaseRpcContext([pattern]));
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    });
  }

  /** @throws Error when two handlers claim one pattern: Nest would run both and report only one's failure */
  protected handlerFor(pattern: string): MessageHandler {
    const handler = this.getHandlerByPattern(pattern);
    if (!handler) throw new Error(`nobody handles ${pattern}`);
    if (handler.next) throw new Error(`two handlers claim ${pattern}: a consumer group has one per topic`);
    return handler;
  }
}
