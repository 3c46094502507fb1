import { OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { EventPublisher, OutgoingMessage } from '@libs/kernel';
import { logger } from '@libs/logging';
import { MessagingSettings } from '../messaging.settings';
import { MicroBatcher } from '../micro-batcher';
import { PUBLISHER_BYTES, PublisherFull } from '../publisher-full.error';
import { APPEND } from './log-statements';
import { packed } from './packed-row';
import { Portion, portions, rows } from './row-gathering';

const log = logger('event-log');
/** Of one statement, in characters. */
const STATEMENT_WEIGHT = 4 * 1024 * 1024;

const STATEMENT_TIMEOUT_MS = 30_000;

/** A statement and its commit cost the same for one request or twenty; whoever finds nobody before them waits for none. */
const REST_MS = 1;

/** Appends to the event log in PostgreSQL: one statement at a time carries all that gathered meanwhile. */
export class LogEventPublisher extends EventPublisher implements OnApplicationShutdown {
  private readonly pool: Pool;
  private closing?: Promise<void>;
  private readonly batcher: MicroBatcher<Portion>;

  constructor(settings: MessagingSettings, statementTimeoutMs = STATEMENT_TIMEOUT_MS) {
    super();
    this.pool = new Pool({
      connectionString: settings.eventLogUrl,
      max: 1,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // a server that is gone without a word is not told from a slow one: publish again, readers know what they have
      query_timeout: statementTimeoutMs,
      statement_timeout: statementTimeoutMs,
      application_name: `${settings.clientId ?? 'moneyflow'} event log append`,
    });
    // The error carries the whole client, so only what it says is logged.
    this.pool.on('error', ({ message }) =>
      log.warn({ reason: message }, 'the event log dropped an idle connection'),
    );
    this.batcher = new MicroBatcher<Portion>((gathered) => this.append(gathered), {
      maxItems: 10_000,
      maxWeight: STATEMENT_WEIGHT,
      weightOf: ({ weight }) => weight,
      lingerMs: 0,
      restMs: REST_MS,
      concurrency: 1,
      maxWaiting: 100_000,
      maxHeld: settings.publisherBytes ?? PUBLISHER_BYTES,
      refusal: () => new PublisherFull(),
    });
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const parts = portions(topic, messages);
    const [only] = parts;
    if (parts.length === 1 && only) return this.batcher.add(only);
    await this.batcher.addAll(parts);
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
    await this.batcher.drain();
    await this.pool.end();
  }

  private async append(gathered: readonly Portion[]): Promise<void> {
    const texts: (string | null)[] = [];
    const frames: Buffer[] = [];
    const starts: number[] = [];
    const sizes: number[] = [];
    const gatheredRows = rows(gathered);
    let start = 1;
    for (const { messages } of gatheredRows) {
      const frame = packed(messages);
      if (frame) frames.push(frame);
      texts.push(frame ? null : JSON.stringify(messages));
      starts.push(start);
      sizes.push(frame?.length ?? 0);
      start += frame?.length ?? 0;
    }
    await this.pool.query({
      ...APPEND,
      values: [
        gatheredRows.map(({ topic }) => topic),
        gatheredRows.map(({ messages }) => messages.length),
        texts,
        Buffer.concat(frames),
        starts,
        sizes,
      ],
    });
  }
}
