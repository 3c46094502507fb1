import { Client } from 'pg';
import { eventually, testDatabase, TestDatabase } from '@libs/testing';
import { itKeepsTheEventTransportContract } from '../../test/event-transport.contract';
import { Member, messages, upTo } from '../../test/member';
import { eventPublisher } from '../event-publishers';
import { MessagingSettings } from '../messaging.settings';
import { eventLogSchema } from './event-log.schema';

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
    const { rows } = await admin.query<{ value: string }>(
      `select message->>'value' as value from event_log.batch, json_array_elements(messages) as message
       where topic = $1 order by position`,
      [topic],
    );
    return rows.map((row) => row.value);
  }

  itKeepsTheEventTransportContract(() => ({ settings, texts }));

  it('gathers what many publish at once into few commits, each in a row of its own', async () => {
    const publisher = eventPublisher(settings);
    const before = await commits();
    await Promise.all(
      upTo(200).map((n) => publisher.publish('gathered.v1', messages('gathered.v1', n, n + 1))),
    );
    expect((await commits()) - before).toBeLessThan(20);
    await publisher.close();
    const { rows } = await admin.query(
      `select count(*)::int as rows from event_log.batch where topic = 'gathered.v1'`,
    );
    expect(rows).toEqual([{ rows: 200 }]);
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
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'event_log'`);
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

  async function commits(): Promise<number> {
    const { rows } = await admin.query<{ commits: string }>(
      `select pg_current_xact_id()::text::bigint as commits`,
    );
    return Number(rows[0]?.commits);
  }
});
