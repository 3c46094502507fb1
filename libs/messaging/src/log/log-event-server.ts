import { Client } from 'pg';
import { breakWhenSilent } from '@libs/database';
import { failpoint } from '@libs/kernel';
import { logger } from '@libs/logging';
import { TopicLag } from '../consumer-lag';
import { EventServer } from '../event-server';
import { EventTransportOptions } from '../event-transport.options';
import { MessagingSettings } from '../messaging.settings';
import { backoff, pause } from '../pause';
import { LogEventPublisher } from './log-event-publisher';
import { LogSession } from './log-session';

const log = logger('event-log');
/** A member that is not the reader of a topic asks this often whether it may be now. */
const STANDBY_MS = 1_000;
/**
 * NOTIFY wakes a reader: it comes with the commit, over the connection that listens, and a session does not outlive that one. This is
 * only for rows that somebody wrote by hand; looking costs every topic of every group a query.
 */
const IDLE_MS = 30_000;
const FORGET_EVERY_MS = 3_600_000;

/**
 * Consumes a group's topics from the event log in PostgreSQL. Of a group's members one reads a topic at a time, held
 * by a lock of its connection: when it dies the lock goes and the next one reads on from the offset.
 */
export class LogEventServer extends EventServer {
  private running: Promise<void> = Promise.resolve();
  private session?: LogSession;
  private readonly publisher: LogEventPublisher;

  constructor(
    private readonly settings: MessagingSettings,
    options: EventTransportOptions,
  ) {
    const publisher = new LogEventPublisher(settings);
    super(options, publisher);
    this.publisher = publisher;
  }

  override listen(callback: (error?: unknown) => void): void {
    try {
      const topics = this.topics();
      if (topics.length > 0) {
        this.running = this.stayConnected(topics);
        this.tellLag();
      }
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override async check(): Promise<void> {
    if (!this.session) throw new Error('the event log is not connected');
    await this.session.check();
  }

  override async lag(): Promise<TopicLag[]> {
    if (!this.session) throw new Error('the event log is not connected');
    return this.session.lag(this.topics());
  }

  protected override async shut(): Promise<void> {
    this.stop();
    await this.running;
    await this.publisher.close();
  }

  private async stayConnected(topics: string[]): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted;) {
      const connectedAt = Date.now();
      try {
        await this.follow(topics);
      } catch (error) {
        failures = Date.now() - connectedAt > 10_000 ? 1 : failures + 1;
        log.warn({ err: error, group: this.options.group }, 'lost the event log; connecting again');
        await pause(backoff(failures), this.stopping.signal);
      }
    }
  }

  /** Reads all topics over one connection until it breaks or the transport stops. */
  private async follow(topics: string[]): Promise<void> {
    const client = new Client({
      connectionString: this.settings.eventLogUrl,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      // An offset that a crash forgets brings messages again, as any crash may; nothing else is written here.
      options: '-c synchronous_commit=off',
      application_name: `${this.settings.clientId ?? 'moneyflow'} event log ${this.options.group}`,
    });
    const session = new LogSession(client, this.options.group, this.stopping.signal);
    await client.connect();
    const forget = setInterval(() => session.forget(this.settings.retentionHours ?? 168), FORGET_EVERY_MS);
    try {
      breakWhenSilent(client);
      await session.subscribe(topics);
      this.session = session;
      await Promise.all(topics.map((topic) => session.guard(this.readTopic(session, topic))));
    } finally {
      clearInterval(forget);
      this.session = undefined;
      await session.settled();
      await client.end();
    }
  }

  private async readTopic(session: LogSession, topic: string): Promise<void> {
    while (!session.over && !(await session.hold(topic))) await pause(STANDBY_MS, session.signal);
    if (session.over) return;
    log.info({ topic, group: this.options.group }, 'reading');
    for (let position = await session.position(topic); !session.over;) {
      const read = await session.read(topic, position, this.maxBatch);
      if (read.texts.length === 0) {
        await session.news(topic, IDLE_MS);
      } else {
        for (const texts of this.batches(read.texts, ({ length }) => length)) {
          if (!(await this.deliver(topic, texts))) return;
        }
        failpoint('consumer.before-offset');
        await session.advance(topic, read.position);
        position = read.position;
        failpoint('consumer.after-offset');
        if (this.options.gatherMs && !read.more) await pause(this.options.gatherMs, session.signal);
      }
    }
  }
}
