import { Client } from 'pg';
import { eventually, testDatabase, TestDatabase } from '@libs/testing';
import { itKeepsTheEventTransportContract } from '../../test/event-transport.contract';
import { Member, messages, upTo } from '../../test/member';
import { eventPublisher } from '../event-publishers';
import { MessagingSettings } from '../messaging.settings';
import { eventLogSchema } from './event-log.schema';
import { unpacked } from './packed-row';

describe('the event log in PostgreSQL', () => {
  let database: TestDatabase;
  let admin: Client;
  let settings: MessagingSettings;

  beforeAll(async () => {
    database = await testDatabase([eventLogSchema]);
    settings = { eventLogUrl: database.urlFor('event_log') };
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });

  async function texts(topic: string): Promise<string[]> {
    const { rows } = await admin.query<{ messages: { value: string }[] | null; packed: Buffer | null }>(
      'select messages, packed from event_log.batch where topic = $1 order by position',
      [topic],
    );
    return rows.flatMap(({ messages, packed }) =>
      packed ? unpacked(packed) : (messages ?? []).map(({ value }) => value),
    );
  }

  itKeepsTheEventTransportContract(() => ({ settings, texts }));

  it('asks one thing at a time of its connection, however often it is probed', async () => {
    const member = await Member.start(settings, ['probed.v1'], { group: 'probed' });
    await eventually(() => member.check());
    const query = Client.prototype.query as (...args: unknown[]) => Promise<unknown>;
    const asked = new Map<Client, number>();
    let most = 0;
    const counting = function (this: Client, ...args: unknown[]): unknown {
      asked.set(this, (asked.get(this) ?? 0) + 1);
      most = Math.max(most, ...asked.values());
      return query.apply(this, args).finally(() => asked.set(this, (asked.get(this) ?? 0) - 1));
    };
    jest.spyOn(Client.prototype, 'query').mockImplementation(counting);
    await Promise.all(upTo(20).map(() => member.check()));
    jest.restoreAllMocks();
    await member.stop();
    expect(most).toBe(1); // pg 9 has no queue of its own
  });

  it('gathers what many publish at once into few commits and rows', async () => {
    const publisher = eventPublisher(settings);
    await Promise.all(
      upTo(200).map((n) => publisher.publish('gathered.v1', messages('gathered.v1', n, n + 1))),
    );
    await publisher.close();
    // by what the rows say: the server's count of transactions is of all its databases, other specs' too
    const { rows } = await admin.query<{ rows: number; commits: number; messages: number }>(
      `select count(*)::int as rows, count(distinct xmin::text)::int as commits, sum(message_count)::int as messages
       from event_log.batch where topic = 'gathered.v1'`,
    );
    expect(rows).toEqual([{ rows: expect.any(Number), commits: expect.any(Number), messages: 200 }]);
    expect(rows[0]?.commits).toBeLessThan(20);
    expect(rows[0]?.rows).toBeLessThan(20);
  });

  it('reads rows of before, which are JSON, among those that are packed', async () => {
    const publisher = eventPublisher(settings);
    await publisher.publish('of-before.v1', messages('of-before.v1', 0, 100));
    await admin.query(
      `insert into event_log.batch (topic, messages, message_count) values ('of-before.v1', $1, 3)`,
      [JSON.stringify(messages('of-before.v1', 100, 103))],
    );
    await publisher.publish('of-before.v1', messages('of-before.v1', 103, 200));
    await publisher.close();
    const { rows } = await admin.query<{ packed: boolean }>(
      `select packed is not null as packed from event_log.batch where topic = 'of-before.v1' order by position`,
    );
    expect(rows.map(({ packed }) => packed)).toEqual([true, false, true]);
    const reader = await Member.start(settings, ['of-before.v1'], { group: 'of-before' });
    await eventually(() => expect(reader.seen).toEqual(upTo(200)));
    await reader.stop();
  });

  it('keeps a row readable for people where it is small or carries why it was put aside', async () => {
    const publisher = eventPublisher(settings);
    const headers = { reason: 'invalid_data' };
    await publisher.publish('readable.v1', [{ key: 'k', value: 'x'.repeat(10_000), headers }]);
    await publisher.publish('readable.v1', messages('readable.v1', 0, 1));
    await publisher.close();
    const { rows } = await admin.query<{ reason: string | null }>(
      `select messages->0->'headers'->>'reason' as reason from event_log.batch
       where topic = 'readable.v1' order by position`,
    );
    expect(rows).toEqual([{ reason: 'invalid_data' }, { reason: null }]);
  });

  it('misses nothing of what arrives while it reads ahead', async () => {
    const publisher = eventPublisher(settings);
    for (let n = 0; n < 300; n += 1)
      await publisher.publish('ahead.v1', messages('ahead.v1', n * 10, n * 10 + 10));
    const reader = await Member.start(settings, ['ahead.v1'], { group: 'ahead', maxBatch: 40 }, () =>
      publisher.publish('ahead-of-it.v1', messages('ahead-of-it.v1', 0, 1)),
    );
    for (let n = 300; n < 600; n += 1)
      await publisher.publish('ahead.v1', messages('ahead.v1', n * 10, n * 10 + 10));
    await eventually(() => expect(reader.done).toEqual(upTo(6_000)), { within: 30_000 });
    expect(Math.max(...reader.batchSizes)).toBeLessThanOrEqual(40);
    await Promise.all([publisher.close(), reader.stop()]);
  });

  it('shows positions in order however many append at once', async () => {
    const publishers = upTo(4).map(() => eventPublisher(settings));
    const reader = await Member.start(settings, ['ordered.v1'], { group: 'ordered' });
    await Promise.all(
      publishers.flatMap((publisher, i) =>
        upTo(100).map((k) =>
          publisher.publish('ordered.v1', messages('ordered.v1', 100 * i + k, 100 * i + k + 1)),
        ),
      ),
    );
    // A reader that had passed a position before it showed would miss its message for ever.
    await eventually(() => expect(reader.done).toHaveLength(400));
    expect(reader.seen).toEqual(upTo(400));
    await Promise.all([...publishers.map((publisher) => publisher.close()), reader.stop()]);
  });

  it('connects again and loses nothing when the database drops every connection', async () => {
    const publisher = eventPublisher(settings);
    const reader = await Member.start(settings, ['dropped.v1'], { group: 'dropped' });
    await publisher.publish('dropped.v1', messages('dropped.v1', 0, 10));
    await eventually(() => expect(reader.seen).toEqual(upTo(10)));
    // of this database: the role is the whole server's, and another spec's readers are at work beside this one
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where usename = 'event_log' and datname = current_database()`,
    );
    await eventually(() => publisher.publish('dropped.v1', messages('dropped.v1', 10, 20)));
    await eventually(() => expect(reader.seen).toEqual(upTo(20)));
    await Promise.all([publisher.close(), reader.stop()]);
  });

  it('lets its role into nothing but its own schema', async () => {
    const role = new Client({ connectionString: database.urlFor('event_log') });
    await role.connect();
    await expect(role.query('create table event_log.mine (a int)')).rejects.toMatchObject({ code: '42501' });
    await expect(role.query('update event_log.batch set topic = topic')).rejects.toMatchObject({
      code: '42501',
    });
    await role.end();
  });
});
