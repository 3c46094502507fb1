import { LosingProxy, testDatabase, TestDatabase } from '@libs/testing';
import { Client } from 'pg';
import { messages } from '../../test/member';
import { willPass } from '../will-pass';
import { eventLogSchema } from './event-log.schema';
import { LogEventPublisher } from './log-event-publisher';

const PATIENCE_MS = 1_000;

describe('an event log that is gone without a word', () => {
  let database: TestDatabase;
  let admin: Client;
  let proxy: LosingProxy;
  let publisher: LogEventPublisher;

  beforeAll(async () => {
    database = await testDatabase([eventLogSchema]);
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });
  beforeEach(async () => {
    proxy = await LosingProxy.to(database.urlFor('event_log'));
    publisher = new LogEventPublisher({ eventLogUrl: proxy.url }, PATIENCE_MS);
  });
  afterEach(async () => {
    await publisher.close();
    await proxy.close();
  });

  const publish = (topic: string, n: number) => publisher.publish(topic, messages(topic, n, n + 1));
  async function kept(topic: string): Promise<number[]> {
    const { rows } = await admin.query<{ n: number }>(
      `select (m->>'value')::json->'payload'->>'n' as n
       from event_log.batch, json_array_elements(messages) m where topic = $1 order by position`,
      [topic],
    );
    return rows.map(({ n }) => Number(n));
  }
  /** @returns what the append failed with, within its time */
  async function failure(topic: string, n: number): Promise<unknown> {
    const begun = performance.now();
    const error = await publish(topic, n).then(
      () => 'appended',
      (reason: unknown) => reason,
    );
    expect(performance.now() - begun).toBeLessThan(8_000); // connecting anew has 5 s
    return error;
  }

  it('fails an append in time, as an outage; later ones work', async () => {
    await publish('silent.v1', 0);
    proxy.lose('everything');
    for (const n of [1, 2]) {
      const error = await failure('silent.v1', n);
      expect(error).toBeInstanceOf(Error);
      expect(willPass(error)).toBe(true);
    }
    proxy.carryAgain();
    await publish('silent.v1', 3);
    expect(await kept('silent.v1')).toEqual([0, 3]);
  });

  it('acknowledges nothing whose answer it lost, though it may be there: who sends it again finds it twice', async () => {
    await publish('unanswered.v1', 0);
    proxy.lose('answers');
    expect(willPass(await failure('unanswered.v1', 1))).toBe(true);
    proxy.carryAgain();
    await publish('unanswered.v1', 1);
    expect(await kept('unanswered.v1')).toEqual([0, 1, 1]);
  });
});
