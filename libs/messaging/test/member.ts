import { Envelope } from '@libs/contracts';
import { newId, OutgoingMessage } from '@libs/kernel';
import { Batch, eventTransport, EventTransportOptions, MessagingSettings } from '../src';
import { TopicLag } from '../src/consumer-lag';
import { EventServer } from '../src/event-server';

/** An envelope with nothing special about it; `n` tells it from others. */
export function anEnvelope(topic: string, n: number, tenantId = `tenant-${n % 5}`): Envelope<{ n: number }> {
  return {
    id: newId(),
    type: topic,
    version: 1,
    tenantId,
    occurredAt: '2026-11-22T12:00:00.000Z',
    requestId: `request-${n}`,
    payload: { n },
  };
}

export function messages(topic: string, from: number, to: number): OutgoingMessage[] {
  return Array.from({ length: to - from }, (_, i) => {
    const envelope = anEnvelope(topic, from + i);
    return { key: envelope.tenantId, value: JSON.stringify(envelope) };
  });
}

/** The numbers from 0 below `n`. */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

export type Handle = (batch: Batch<{ n: number }>) => Promise<void> | void;

/** A consumer that remembers what its handler finished. */
export class Member {
  /** `n` of every message whose handler resolved, in order, repetitions included. */
  readonly done: number[] = [];
  readonly batchSizes: number[] = [];
  /** Every call of the handler, failed ones included. */
  calls = 0;

  private constructor(private readonly transport: EventServer) {}

  static async start(
    settings: MessagingSettings,
    topics: readonly string[],
    options: EventTransportOptions,
    handle: Handle = () => undefined,
  ): Promise<Member> {
    const transport = eventTransport(settings, options);
    const member = new Member(transport);
    for (const topic of topics)
      transport.addHandler(topic, (batch: Batch<{ n: number }>) => member.run(batch, handle), true);
    await member.listen();
    return member;
  }

  /** The numbers it has seen, each once, in rising order. */
  get seen(): number[] {
    return [...new Set(this.done)].sort((a, b) => a - b);
  }

  stop(): Promise<void> {
    return this.transport.close();
  }

  check(): Promise<void> {
    return this.transport.check();
  }

  lag(): Promise<TopicLag[]> {
    return this.transport.lag();
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.transport.listen((error) =>
        error ? reject(new Error('cannot listen', { cause: error })) : resolve(),
      );
    });
  }

  private async run(batch: Batch<{ n: number }>, handle: Handle): Promise<void> {
    this.calls += 1;
    await handle(batch);
    this.batchSizes.push(batch.size);
    this.done.push(...batch.messages.map((message) => message.envelope.payload.n));
  }
}
