import { Client, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { logger } from '@libs/logging';
import { OutgoingMessage } from '@libs/kernel';
import { TopicLag } from '../consumer-lag';
import { pause } from '../pause';
import { ADVANCE, CHANNEL, FORGET, HOLD, LAG, POSITION, READ } from './log-statements';
import { unpacked } from './packed-row';

const log = logger('event-log');
/** Of one fetch. A row carries 1–500 messages; packed bytes are about a tenth of what they hold. */
const ROWS = 50;
const PACKED_BYTES = 512 * 1024;
/** A fetch of fewer rows than this was all there is: what follows is better fetched when it has come. */
const WORTH_AHEAD = 5;

interface LogRow {
  position: string;
  count: number;
  messages: string | null;
  packed: Buffer | null;
}

/** What one connection to the event log can do for a group; over as soon as anything of it fails. */
export class LogSession {
  private readonly ended = new AbortController();
  private readonly bells = new Map<string, AbortController>();
  /** Fetched beyond what one batch may take. */
  private readonly spare = new Map<string, LogRow[]>();
  /** What follows the rows in hand, on its way while those are handled. */
  private readonly ahead = new Map<string, Promise<LogRow[]>>();
  private readonly guarded: Promise<void>[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  /** Aborts when the connection breaks or the transport stops. */
  readonly signal: AbortSignal;

  constructor(
    private readonly client: Client,
    private readonly group: string,
    stopping: AbortSignal,
  ) {
    this.signal = AbortSignal.any([this.ended.signal, stopping]);
    client.on('error', (error) => this.ended.abort(error));
    client.on('end', () => this.ended.abort());
    client.on('notification', ({ payload }) => payload?.split(' ').forEach((topic) => this.ring(topic)));
  }

  get over(): boolean {
    return this.signal.aborted;
  }

  async subscribe(topics: readonly string[]): Promise<void> {
    topics.forEach((topic) => this.bells.set(topic, new AbortController()));
    await this.query({ text: `listen ${CHANNEL}` });
  }

  /** Ends the session when `work` fails, so that the other readers of this connection stop, too. */
  guard(work: Promise<void>): Promise<void> {
    const guarded = work.catch((error: unknown) => {
      this.ended.abort(error);
      throw error;
    });
    this.guarded.push(guarded);
    return guarded;
  }

  /** Resolves when no reader is at work any more: a handler may outlive the connection. */
  async settled(): Promise<void> {
    this.ended.abort();
    await Promise.allSettled(this.guarded);
  }

  /** Rejects when the connection is of no use. */
  async check(): Promise<void> {
    await this.query({ text: 'select 1' });
  }

  async hold(topic: string): Promise<boolean> {
    const { rowCount } = await this.query({ ...HOLD, values: [this.group, [topic]] });
    return rowCount === 1;
  }

  async position(topic: string): Promise<string> {
    const { rows } = await this.query<{ position: string }>({
      ...POSITION,
      values: [this.group, topic],
    });
    return rows[0]?.position ?? '0';
  }

  /**
   * The next messages after `position`: whole rows, at most `limit` messages unless the first row has more. `more` says that others
   * are at hand or on their way.
   */
  async read(
    topic: string,
    position: string,
    limit: number,
  ): Promise<{ texts: string[]; position: string; more: boolean }> {
    this.bells.set(topic, new AbortController());
    const rows = this.spare.get(topic) ?? (await this.following(topic, position));
    const texts: string[] = [];
    let taken = 0;
    for (const row of rows) {
      if (taken > 0 && texts.length + row.count > limit) break;
      for (const text of textsOf(row)) texts.push(text);
      taken += 1;
    }
    const rest = rows.slice(taken);
    const end = rows[taken - 1]?.position ?? position;
    if (rest.length > 0) this.spare.set(topic, rest);
    else this.spare.delete(topic);
    if (rest.length === 0 && rows.length >= WORTH_AHEAD) this.fetchAhead(topic, end);
    return { texts, position: end, more: rest.length > 0 || this.ahead.has(topic) };
  }

  private async following(topic: string, position: string): Promise<LogRow[]> {
    const ahead = await this.ahead.get(topic);
    this.ahead.delete(topic);
    // Nothing was there when it was fetched, before the bell was set: only now is it certain.
    return ahead?.length ? ahead : this.fetch(topic, position);
  }

  private fetchAhead(topic: string, position: string): void {
    const rows = this.fetch(topic, position);
    rows.catch(() => undefined); // whoever reads next hears of it
    this.ahead.set(topic, rows);
  }

  private async fetch(topic: string, position: string): Promise<LogRow[]> {
    return (await this.query<LogRow>({ ...READ, values: [topic, position, ROWS, PACKED_BYTES] })).rows;
  }

  async lag(topics: readonly string[]): Promise<TopicLag[]> {
    return (await this.query<TopicLag>({ ...LAG, values: [this.group, topics] })).rows;
  }

  async advance(topic: string, position: string): Promise<void> {
    await this.query({ ...ADVANCE, values: [this.group, topic, position] });
  }

  /** Resolves when the topic grew since the last `read` began, or after `ms`. */
  async news(topic: string, ms: number): Promise<void> {
    const bell = this.bells.get(topic)?.signal;
    await pause(ms, bell ? AbortSignal.any([this.signal, bell]) : this.signal);
  }

  forget(hours: number): void {
    this.query({ ...FORGET, values: [hours] })
      .then(({ rowCount }) => log.info({ rows: rowCount }, 'event log: forgot what is old'))
      .catch((error: unknown) => log.warn({ err: error }, 'event log: could not forget what is old'));
  }

  /** The readers of all topics share the connection, and pg wants one query at a time. */
  private query<R extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<R>> {
    const answer = this.turn.then(() => this.client.query<R>(query));
    this.turn = answer.catch(() => undefined); // whoever asked hears of it
    return answer;
  }

  private ring(topic: string): void {
    this.bells.get(topic)?.abort();
  }
}

function textsOf({ messages, packed }: LogRow): string[] {
  if (packed) return unpacked(packed);
  return (JSON.parse(messages ?? '[]') as OutgoingMessage[]).map(({ value }) => value);
}
