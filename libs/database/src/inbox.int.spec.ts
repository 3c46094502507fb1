import { newId, TenantId } from '@libs/kernel';
import { asAdmin, TestDatabase } from '@libs/testing';
import { SampleApp, sampleApp, sampleDatabase } from '../test/sample-database';

describe('what a consumer remembers', () => {
  let database: TestDatabase;
  let app: SampleApp;
  const a = newId<TenantId>();
  const b = newId<TenantId>();

  beforeAll(async () => {
    database = await sampleDatabase();
    app = await sampleApp(database.urlFor('sample_worker'));
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  describe('Inbox', () => {
    it('claims a message once a consumer, however often it arrives', async () => {
      const message = { tenantId: a, id: newId() };
      const again = { tenantId: b, id: newId() };
      const claim = (consumer: string, ...messages: (typeof message)[]) =>
        app.transaction.runFor([a, b], () => app.inbox.claim(consumer, messages));
      await expect(claim('one', message, message)).resolves.toEqual(new Set([message.id]));
      await expect(claim('one', message, again)).resolves.toEqual(new Set([again.id]));
      await expect(claim('two', message)).resolves.toEqual(new Set([message.id]));
      await expect(claim('one')).resolves.toEqual(new Set());
    });

    it('forgets a claim whose transaction failed', async () => {
      const message = { tenantId: a, id: newId() };
      const failing = app.transaction.runFor([a], async () => {
        await app.inbox.claim('one', [message]);
        throw new Error('the effect failed');
      });
      await expect(failing).rejects.toThrow();
      const claimed = await app.transaction.runFor([a], () => app.inbox.claim('one', [message]));
      expect(claimed.has(message.id)).toBe(true);
    });

    it('lets one of two racing consumers have the message', async () => {
      const messages = Array.from({ length: 50 }, () => ({ tenantId: a, id: newId() }));
      const race = [messages, messages.toReversed()].map((order) =>
        app.transaction.runFor([a], () => app.inbox.claim('racer', order)),
      );
      const [first, second] = await Promise.all(race);
      expect((first?.size ?? 0) + (second?.size ?? 0)).toBe(50);
    });

    it('purges what is old', async () => {
      const message = { tenantId: a, id: newId() };
      await app.transaction.runFor([a], () => app.inbox.claim('purged', [message]));
      await expect(app.transaction.runFor([a], () => app.inbox.purge(new Date(0)))).resolves.toBe(0);
      const purged = await app.transaction.runFor([a], () => app.inbox.purge(new Date(Date.now() + 60_000)));
      expect(purged).toBeGreaterThan(0);
    });
  });

  describe('DeadLetters', () => {
    const letter = {
      source: 'releases',
      reason: 'invalid_data',
      detail: 'a check failed',
      payload: '{"n":1}',
    };

    it('commits on its own outside a transaction, with it inside one', async () => {
      const [id] = await app.deadLetters.add([{ ...letter, tenantId: a }]);
      const failing = app.transaction.runFor([a], async () => {
        await app.deadLetters.add([{ ...letter, tenantId: a }]);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      const pending = await app.transaction.runFor([a], () => app.deadLetters.pending('releases', 10));
      expect(pending).toEqual([{ ...letter, id, tenantId: a, createdAt: expect.any(Date) }]);
    });

    it('keeps what does not even tell its tenant, NUL bytes and all', async () => {
      await app.deadLetters.add([
        { ...letter, source: 'unreadable', tenantId: 'not-a-uuid', payload: 'a\u0000b' },
      ]);
      const rows = await asAdmin(
        database.adminUrl,
        "select tenant_id, payload from sample.dead_letter where source = 'unreadable'",
      );
      expect(rows).toEqual([{ tenant_id: null, payload: 'a\uFFFDb' }]);
    });

    it("shows a tenant's letters to that tenant alone", async () => {
      await app.deadLetters.add([{ ...letter, source: 'mine', tenantId: a }]);
      await expect(app.transaction.runFor([b], () => app.deadLetters.pending('mine', 10))).resolves.toEqual(
        [],
      );
    });

    it('leaves out what was set aside after a given time', async () => {
      await app.deadLetters.add([{ ...letter, source: 'later', tenantId: a }]);
      const until = (before?: Date) =>
        app.transaction.runFor([a], () => app.deadLetters.pending('later', 10, before));
      await expect(until(new Date(Date.now() - 60_000))).resolves.toEqual([]);
      await expect(until(new Date(Date.now() + 60_000))).resolves.toHaveLength(1);
      await expect(until()).resolves.toHaveLength(1);
    });

    it('takes a letter off the list when it is redriven, twice without harm', async () => {
      const ids = await app.deadLetters.add([{ ...letter, source: 'again', tenantId: a }]);
      await app.transaction.runFor([a], async () => {
        await app.deadLetters.markRedriven(ids);
        await app.deadLetters.markRedriven(ids);
        await expect(app.deadLetters.pending('again', 10)).resolves.toEqual([]);
      });
    });
  });
});
