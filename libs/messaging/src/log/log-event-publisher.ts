import { OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { EventPublisher, OutgoingMessage } from '@libs/kernel';
import { logger } from '@libs/logging';
import { MessagingSettings } from '../messaging.settings';
import { MicroBatcher } from '../micro-batcher';
import { PublisherFull } from '../publisher-full.error';
import { APPEND } from './log-statements';

const log = logger('event-log');
/** A reader takes a row whole, so a row is kept at the size of a good batch. */
const MESSAGES_PER_ROW = 500;

interface Row {
  topic: string;
  messages: readonly OutgoingMessage[];
}

/** Appends to the event log in PostgreSQL: one statement at a time carries all that gathered meanwhile. */
export class LogEventPublisher extends EventPublisher implements OnApplicationShutdown {
  private readonly pool: Pool;
  private closing?: Promise<void>;
  private readonly batcher: MicroBatcher<Row>;

  constructor(settings: MessagingSettings) {
    super();
    this.pool = new Pool({
      connectionString: settings.eventLogUrl,
      max: 1,
      connectionTimeoutMillis: 5_000,
      application_name: `${settings.clientId ?? 'moneyflow'} event log append`,
    });
    // The error carries the whole client, so only what it says is logged.
    this.pool.on('error', ({ message }) =>
      log.warn({ reason: message }, 'the event log dropped an idle connection'),
    );
    this.batcher = new MicroBatcher<Row>((rows) => this.append(rows), {
      maxItems: 1_000,
      maxWeight: 20_000,
      weightOf: ({ messages }) => messages.length,
      lingerMs: 0,
      concurrency: 1,
      maxWaiting: 10_000,
      refusal: () => new PublisherFull(),
    });
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const rows: Promise<void>[] = [];
    for (let from = 0; from < messages.length; from += MESSAGES_PER_ROW) {
      rows.push(this.batcher.add({ topic, messages: messages.slice(from, from + MESSAGES_PER_ROW) }));
    }
    await Promise.all(rows);
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

  private async append(rows: Row[]): Promise<void> {
    await this.pool.query({
      ...APPEND,
      values: [
        rows.map((row) => row.topic),
        rows.map((row) => JSON.stringify(row.messages)),
        rows.map((row) => row.messages.length),
      ],
    });
  }
}
