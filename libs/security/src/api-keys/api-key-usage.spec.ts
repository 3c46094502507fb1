import { ApiKeyUsedV1, Envelope, parseEnvelope, topics } from '@libs/contracts';
import { newId, TenantId, UserId } from '@libs/kernel';
import { SentUses, TENANT } from '../../test/key-ring';
import { NOW, TestClock } from '../../test/token-forge';
import { ApiKeyHolder } from '../principal';
import { ApiKeyUsage } from './api-key-usage';

function holder(tenantId = TENANT, keyId = newId()): ApiKeyHolder {
  return { kind: 'key', keyId, userId: keyId as UserId, tenantId, appId: newId(), scopes: [] };
}

function setUp() {
  const [log, clock] = [new SentUses(), new TestClock()];
  const envelopes = (): Envelope<ApiKeyUsedV1>[] =>
    log.sent.map(({ message }) => parseEnvelope<ApiKeyUsedV1>(message.value));
  const total = (): number =>
    envelopes()
      .flatMap(({ payload }) => payload.uses)
      .reduce((sum, { count }) => sum + count, 0);
  return { log, clock, usage: new ApiKeyUsage(log, clock), envelopes, total };
}

describe('ApiKeyUsage', () => {
  it('tells one message a tenant, one entry a key', async () => {
    const { log, clock, usage, envelopes } = setUp();
    const other = newId<TenantId>();
    const [mine, alsoMine, theirs] = [holder(), holder(), holder(other)];
    for (const each of [mine, mine, alsoMine, theirs]) usage.record(each);
    clock.advance(2);
    usage.record(mine);
    await usage.flush();
    expect(log.sent.map(({ topic, message }) => [topic, message.key])).toEqual([
      [topics.apiKeyUsed, TENANT],
      [topics.apiKeyUsed, other],
    ]);
    expect(envelopes()[0]).toMatchObject({
      tenantId: TENANT,
      version: 1,
      payload: {
        uses: [
          { keyId: mine.keyId, count: 3, lastUsedAt: new Date(NOW.getTime() + 2_000).toISOString() },
          { keyId: alsoMine.keyId, count: 1, lastUsedAt: NOW.toISOString() },
        ],
      },
    });
  });

  it('says nothing when no key was used', async () => {
    const { log, usage } = setUp();
    usage.record(holder());
    await usage.flush();
    await usage.flush();
    expect(log.sent).toHaveLength(1);
  });

  it('repeats what the log did not take under the same id, and counts on meanwhile', async () => {
    const { log, usage, envelopes, total } = setUp();
    const key = holder();
    usage.record(key);
    // The log has it, and the answer is lost: the consumer tells the repetition by the id.
    const publish = log.publish.bind(log);
    log.publish = async (topic, messages) => {
      await publish(topic, messages);
      throw new Error('the answer is lost');
    };
    await usage.flush();
    log.publish = publish;
    usage.record(key);
    await usage.flush();
    await usage.flush();
    const ids = envelopes().map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(ids[1]).toBe(ids[0]);
    expect(total() - 1).toBe(2);
  });

  it('loses no use while uses and flushes race', async () => {
    const { usage, total } = setUp();
    const keys = Array.from({ length: 2_000 }, () => holder());
    for (let turn = 0; turn < 10; turn += 1) {
      for (const key of keys) usage.record(key);
      void usage.flush();
      await Promise.resolve();
    }
    await usage.flush();
    await usage.flush();
    expect(total()).toBe(20_000);
  });

  it('keeps each message far below a megabyte', async () => {
    const { log, usage } = setUp();
    for (let count = 0; count < 2_000; count += 1) usage.record(holder());
    await usage.flush();
    expect(log.sent).toHaveLength(3);
    expect(Math.max(...log.sent.map(({ message }) => message.value.length))).toBeLessThan(150_000);
  });

  it('sends the last uses when the application leaves, and leaves also without the log', async () => {
    const { usage, total } = setUp();
    usage.onApplicationBootstrap();
    usage.record(holder());
    await usage.onApplicationShutdown();
    expect(total()).toBe(1);
    const stuck = setUp();
    stuck.log.publish = () => new Promise(() => undefined);
    stuck.usage.record(holder());
    const asked = performance.now();
    await stuck.usage.onApplicationShutdown();
    expect(performance.now() - asked).toBeLessThan(4_000);
  });
});
