import { Envelope, parseEnvelope } from '@libs/contracts';
import { EventPublisher, Fact, newId, OutgoingMessage, TenantId } from '@libs/kernel';
import { asAdmin, eventually, TestDatabase } from '@libs/testing';
import { Client } from 'pg';
import { SampleApp, sampleApp, sampleDatabase } from '../test/sample-database';
import { OutboxRelay, RelayOptions } from './outbox-relay';
import { OutboxStore } from './outbox-store';

class RecordingPublisher extends EventPublisher {
  readonly published: { topic: string; message: OutgoingMessage }[] = [];
  calls = 0;
  /** What `publish` does before it records; rejects to play a broker that is away. */
  before: (topic: string, messages: readonly OutgoingMessage[]) => Promise<void> = () => Promise.resolve();

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    this.calls += 1;
    await this.before(topic, messages);
    this.published.push(...messages.map((message) => ({ topic, message })));
  }

  payloads(): unknown[] {
    return this.published.map(({ message }) => parseEnvelope<{ n: number }>(message.value).payload.n);
  }
}

describe('OutboxRelay', () => {
  let database: TestDatabase;
  let app: SampleApp;
  let publisher: RecordingPublisher;
  let relays: OutboxRelay[];
  const tenant = newId<TenantId>();
  const other = newId<TenantId>();

  beforeAll(async () => {
    database = await sampleDatabase();
    app = await sampleApp(database.urlFor('sample_worker'));
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });
  beforeEach(() => {
    publisher = new RecordingPublisher();
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop(0)));
    await asAdmin(database.adminUrl, 'truncate sample.outbox');
  });

  const relay = (options: Partial<RelayOptions> = {}): OutboxRelay => {
    const made = new OutboxRelay({
      url: database.urlFor('sample_relay'),
      schema: 'sample',
      publisher,
      ...options,
    });
    relays.push(made);
    return made;
  };
  const fact = (n: number, tenantId = tenant, type = 'sample.happened.v1'): Fact => ({
    type,
    tenantId,
    occurredAt: new Date('2026-11-22T02:59:59.999Z'),
    payload: { n, note: 'line\nbreak, and ",\\n" too' },
  });
  const record = (...facts: Fact[]): Promise<void> =>
    app.transaction.runFor([...new Set(facts.map(({ tenantId }) => tenantId))], () => app.outbox.add(facts));
  const unsent = async (): Promise<number> => {
    const [row] = await asAdmin<{ n: number }>(
      database.adminUrl,
      'select count(*)::int as n from sample.outbox where sent_at is null',
    );
    return row?.n ?? -1;
  };

  it('publishes every fact as a finished envelope, keyed by its tenant', async () => {
    await record(fact(1), fact(2), fact(3, other, 'sample.other.v2'));
    await expect(relay().drain()).resolves.toBe(3);
    const [one, two, three] = publisher.published.map(({ topic, message }) => ({
      topic,
      key: message.key,
      envelope: JSON.parse(message.value) as Envelope,
    }));
    expect(one).toEqual({
      topic: 'sample.happened.v1',
      key: tenant,
      envelope: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        type: 'sample.happened.v1',
        version: 1,
        tenantId: tenant,
        occurredAt: '2026-11-22T02:59:59.999Z',
        requestId: expect.any(String),
        payload: { n: 1, note: 'line\nbreak, and ",\\n" too' },
      },
    });
    expect(two?.envelope.id).not.toBe(one?.envelope.id);
    expect(three).toMatchObject({ topic: 'sample.other.v2', key: other, envelope: { version: 2 } });
    await expect(unsent()).resolves.toBe(0);
  });

  it('keeps a transaction of one tenant and topic in one row, 500 facts at most', async () => {
    await record(...Array.from({ length: 1001 }, (_, n) => fact(n)), fact(0, other));
    const rows = await asAdmin(
      database.adminUrl,
      'select message_count, json_array_length(messages) as length from sample.outbox order by 1',
    );
    expect(rows).toEqual([1, 1, 500, 500].map((count) => ({ message_count: count, length: count })));
    await relay().drain();
    expect(new Set(publisher.payloads()).size).toBe(1001);
  });

  it('publishes nothing of a transaction that rolled back', async () => {
    const failing = app.transaction.runFor([tenant], async () => {
      await app.outbox.add([fact(1)]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(relay().drain()).resolves.toBe(0);
  });

  it('refuses facts outside a transaction', async () => {
    await expect(app.outbox.add([fact(1)])).rejects.toThrow(/inside a TenantTransaction/);
  });

  it('wakes at the commit of its own process', async () => {
    relay({ idlePollMs: 60_000 }).start();
    await eventually(() => expect(publisher.calls).toBe(0));
    await new Promise((resolve) => setTimeout(resolve, 3_400)); // by now it pauses for 3.2 s
    const begun = Date.now();
    await record(fact(1));
    await eventually(() => expect(publisher.payloads()).toEqual([1]));
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  it('shares the outbox between relays without claiming a row twice', async () => {
    for (let n = 0; n < 120; n += 3)
      await record(fact(n), fact(n + 1, other), fact(n + 2, tenant, 'sample.other.v2'));
    const counts = await Promise.all([1, 2, 3, 4].map(() => relay({ claimRows: 3 }).drain()));
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1);
    expect(publisher.payloads().sort((x, y) => Number(x) - Number(y))).toEqual(
      Array.from({ length: 120 }, (_, n) => n),
    );
    await expect(unsent()).resolves.toBe(0);
  });

  it("takes over a dead relay's rows once its lease has expired, not before", async () => {
    await record(fact(1));
    // A relay that claims and then hangs in publish for good is, to the others, a dead one.
    const dead = new RecordingPublisher();
    let release: (() => void) | undefined;
    dead.before = () => new Promise((resolve) => (release = resolve));
    const claimed = relay({ publisher: dead, leaseSeconds: 4 }).drain(); // longer than the heir takes to look
    await eventually(() => expect(dead.calls).toBe(1));

    const heir = relay();
    await expect(heir.drain()).resolves.toBe(0);
    heir.start();
    await eventually(() => expect(publisher.payloads()).toEqual([1]));
    release?.();
    await claimed;
  });

  it('does not lose a row whose transaction commits late', async () => {
    const late = new Client({ connectionString: database.adminUrl });
    await late.connect();
    await late.query('begin');
    await late.query(
      `insert into sample.outbox (tenant_id, id, topic, messages, message_count)
       values ($1, $2, 'sample.happened.v1', $3, 1)`,
      [tenant, newId(), JSON.stringify([{ ...envelope(), payload: { n: 1 } }])],
    );
    await record(fact(2)); // younger, committed first
    const watching = relay();
    await watching.drain();
    expect(publisher.payloads()).toEqual([2]);
    await late.query('commit');
    await late.end();
    await watching.drain();
    expect(publisher.payloads()).toEqual([2, 1]);
  });

  it('keeps what a broker that is away refuses, and sends it when the broker is back', async () => {
    let away = true;
    publisher.before = () => (away ? Promise.reject(new Error('broker away')) : Promise.resolve());
    relay().start();
    for (let n = 0; n < 5; n++) await record(fact(n));
    await eventually(() => expect(publisher.calls).toBeGreaterThan(2));
    expect(publisher.published).toEqual([]);
    away = false;
    await eventually(() => expect(new Set(publisher.payloads())).toEqual(new Set([0, 1, 2, 3, 4])));
    await eventually(async () => expect(await unsent()).toBe(0));
  });

  it('lets the rest flow past a row that can never be published', async () => {
    publisher.before = (_topic, messages) =>
      messages.some(({ value }) => value.includes('"n":7,'))
        ? Promise.reject(new Error('too large'))
        : Promise.resolve();
    for (let n = 0; n < 20; n++) await record(fact(n));
    relay().start();
    await eventually(() => expect(new Set(publisher.payloads()).size).toBe(19));
    await eventually(async () => expect(await unsent()).toBe(1)); // the last is marked after it went out
  });

  it('finishes what it is at and flushes the rest on the way out', async () => {
    let release: (() => void) | undefined;
    publisher.before = () => (release ? Promise.resolve() : new Promise((resolve) => (release = resolve)));
    const leaving = relay();
    leaving.start();
    await record(fact(1));
    await eventually(() => expect(publisher.calls).toBe(1)); // at it, and the broker is slow
    await record(fact(2));
    const stopped = leaving.stop();
    release?.();
    await stopped;
    expect(publisher.payloads()).toEqual([1, 2]);
    await expect(unsent()).resolves.toBe(0);
  });

  it('works on after its connection was cut', async () => {
    relay().start();
    await record(fact(1));
    await eventually(() => expect(publisher.payloads()).toEqual([1]));
    await asAdmin(
      database.adminUrl,
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'sample_relay' and datname = current_database()",
    );
    await record(fact(2));
    await eventually(() => expect(publisher.payloads()).toContain(2));
  });

  it('asks little of the database when there is nothing to do', async () => {
    const looks = jest.spyOn(OutboxStore.prototype, 'claim');
    relay({ idlePollMs: 1000 }).start();
    await eventually(() => expect(looks.mock.calls.length).toBeGreaterThan(5)); // slowed down: 50, 100, 200, 400, 800 ms
    looks.mockClear();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(looks.mock.calls.length).toBeGreaterThanOrEqual(1);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(3);
    looks.mockRestore();
  });

  it('never hands the broker more bytes at once than it takes, whatever the alphabet', async () => {
    const note = '日'.repeat(2_000); // 2,000 characters, 6,000 bytes
    await record(...Array.from({ length: 400 }, (_, n) => ({ ...fact(n), payload: { n, note } })));
    const sizes: number[] = [];
    publisher.before = async (_, batch) =>
      void sizes.push(batch.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0));
    await expect(relay().drain()).resolves.toBe(400);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(900_000);
  });

  it('deletes what is long sent under load, too, when it never comes to rest', async () => {
    let busy = true;
    publisher.before = async () => {
      if (busy) await record(fact(publisher.calls));
    };
    relay({ keepSentSeconds: 0, purgeEveryMs: 50 }).start();
    await record(fact(0));
    await eventually(() => expect(publisher.calls).toBeGreaterThan(100));
    const [row] = await asAdmin<{ n: number }>(
      database.adminUrl,
      'select count(*)::int as n from sample.outbox',
    );
    busy = false;
    expect(row?.n).toBeLessThan(publisher.calls / 2);
  });

  it('refuses to relay as a role that row-level security does not bind', async () => {
    const strong = new OutboxRelay({ url: database.adminUrl, schema: 'sample', publisher });
    await expect(strong.refuseUnsafeRole('DATABASE_RELAY_URL')).rejects.toThrow(
      /DATABASE_RELAY_URL .*superuser/,
    );
  });

  function envelope(): Omit<Envelope, 'payload'> {
    return {
      id: newId(),
      type: 'sample.happened.v1',
      version: 1,
      tenantId: tenant,
      occurredAt: '2026-11-22T12:00:00.000Z',
      requestId: newId(),
    };
  }
});
