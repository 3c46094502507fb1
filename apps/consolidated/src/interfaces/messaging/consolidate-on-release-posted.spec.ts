import fc from 'fast-check';
import { Envelope, releasePostedV1Example, ReleasePostedV1, topics } from '@libs/contracts';
import { DeadLetters } from '@libs/database';
import { EventPublisher, newId, OutgoingMessage } from '@libs/kernel';
import { Batch, Received } from '@libs/messaging';
import { CacheAway } from '../../../test/cache-away';
import { ACME, OTHER } from '../../../test/entry.builder';
import { InMemoryAnswerCache } from '../../../test/in-memory-answer.cache';
import { InMemoryLedger } from '../../../test/in-memory-ledger';
import { PlainTransaction } from '../../../test/in-memory-tenants';
import { ConsolidateReleases } from '../../application/consolidate-releases';
import { Entry } from '../../domain/entry';
import { ConsolidateOnReleasePosted } from './consolidate-on-release-posted.consumer';
import { Poison } from './poison';

class KeptLetters extends DeadLetters {
  readonly kept: Parameters<DeadLetters['add']>[0][number][] = [];
  async add(letters: Parameters<DeadLetters['add']>[0]): Promise<string[]> {
    this.kept.push(...letters);
    return letters.map(() => newId());
  }
  async pending() {
    return [];
  }
  async markRedriven() {}
}

class SentMessages extends EventPublisher {
  readonly sent: (OutgoingMessage & { topic: string })[] = [];
  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    this.sent.push(...messages.map((message) => ({ ...message, topic })));
  }
}

/** Refuses the amount 6.66 as the database refuses what breaks a constraint. */
class PickyLedger extends InMemoryLedger {
  override async record(entries: readonly Entry[]): Promise<void> {
    if (entries.some((entry) => entry.amount.toString() === '6.66'))
      throw Object.assign(new Error('violates check constraint'), { code: '23514' });
    return super.record(entries);
  }
}

function setting(ledger = new InMemoryLedger()) {
  const cache = new InMemoryAnswerCache();
  const transaction = new PlainTransaction();
  const letters = new KeptLetters();
  const publisher = new SentMessages();
  const consumer = new ConsolidateOnReleasePosted(
    new ConsolidateReleases(transaction, ledger),
    cache,
    new Poison(transaction, letters, publisher),
  );
  return { ledger, cache, transaction, letters, publisher, consumer };
}

function posted(payload: Partial<Record<keyof ReleasePostedV1, unknown>> = {}, tenantId: string = ACME) {
  const envelope = {
    id: newId(),
    type: topics.releasesPosted,
    version: 1,
    tenantId,
    occurredAt: '2026-11-22T03:00:00.000Z',
    requestId: 'r-1',
    payload: { ...releasePostedV1Example, releaseId: newId(), ...payload },
  } as Envelope<ReleasePostedV1>;
  return { envelope, text: JSON.stringify(envelope), receives: 1 };
}

const batch = (...messages: Received<ReleasePostedV1>[]) => new Batch(topics.releasesPosted, messages);

describe('ConsolidateOnReleasePosted', () => {
  it('records a batch of several tenants in one transaction and one statement', async () => {
    const { consumer, ledger, transaction } = setting();
    await consumer.handle(batch(posted(), posted({}, OTHER), posted()));
    expect(ledger.entries.size).toBe(3);
    expect(ledger.recordings).toBe(1);
    expect(transaction.openedFor).toEqual([[ACME, OTHER]]);
  });

  it('renews the answers of every tenant of the batch, of repeats too', async () => {
    const { consumer, cache } = setting();
    const message = posted();
    await consumer.handle(batch(message));
    await consumer.handle(batch(message, posted({}, OTHER)));
    expect(cache.renewed).toEqual([[ACME], [ACME, OTHER]]);
  });

  it('does not acknowledge before the answers are renewed', async () => {
    const { consumer, cache, ledger } = setting();
    cache.away = true;
    const again = batch(posted());
    await expect(consumer.handle(again)).rejects.toThrow(CacheAway);
    expect(ledger.entries.size).toBe(1); // committed all the same
    cache.away = false;
    await consumer.handle(again);
    expect(ledger.entries.size).toBe(1);
    expect(cache.renewed).toEqual([[ACME]]);
  });

  it('sets aside what the domain refuses; the rest is consolidated', async () => {
    const { consumer, ledger, letters, publisher, cache } = setting();
    const poison = posted({ amount: 12.34 });
    await consumer.handle(batch(posted(), poison, posted()));
    expect(ledger.entries.size).toBe(2);
    expect(letters.kept).toMatchObject([
      { tenantId: ACME, source: topics.releasesPosted, reason: 'impossible_entry', payload: poison.text },
    ]);
    expect(publisher.sent).toMatchObject([
      {
        topic: 'releases.posted.v1.dlq',
        key: ACME,
        value: poison.text,
        headers: { reason: 'impossible_entry' },
      },
    ]);
    expect(cache.renewed).toEqual([[ACME]]);
  });

  it('sets aside what names no tenant that could be', async () => {
    const { consumer, letters } = setting();
    await consumer.handle(batch(posted({}, 'nobody')));
    expect(letters.kept).toMatchObject([{ tenantId: undefined, reason: 'impossible_entry' }]);
  });

  it('finds the rows that the database refuses by halving', async () => {
    const { consumer, ledger, letters } = setting(new PickyLedger());
    const good = Array.from({ length: 29 }, () => posted());
    const bad = [posted({ amount: '6.66' }), posted({ amount: '6.66' })];
    await consumer.handle(batch(...good.slice(0, 11), bad[0]!, ...good.slice(11), bad[1]!));
    expect(ledger.entries.size).toBe(29);
    expect(letters.kept.map((letter) => letter.payload)).toEqual(bad.map((message) => message.text));
    expect(letters.kept[0]).toMatchObject({ reason: 'invalid_data' });
  });

  it('hands back an error that would strike any row, without setting anything aside', async () => {
    const ledger = new InMemoryLedger();
    ledger.record = () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }));
    const { consumer, letters } = setting(ledger);
    await expect(consumer.handle(batch(posted(), posted()))).rejects.toThrow('gone');
    expect(letters.kept).toEqual([]);
  });

  it('comes to the same entries in any order, batching and repetition', async () => {
    const releases = fc.uniqueArray(fc.uuid({ version: 7 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        releases,
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        async (ids, picks, size) => {
          const messages = ids.map((releaseId, index) => posted({ releaseId, amount: `${index + 1}.00` }));
          const deliveries = [...picks.map((pick) => messages[pick % messages.length]!), ...messages];
          const { consumer, ledger } = setting();
          for (let start = 0; start < deliveries.length; start += size)
            await consumer.handle(batch(...deliveries.slice(start, start + size)));
          const total = [...ledger.entries.values()].reduce((sum, entry) => sum + entry.amount.cents, 0n);
          expect(total).toBe(BigInt((ids.length * (ids.length + 1) * 100) / 2));
        },
      ),
      { numRuns: 50 },
    );
  });
});
