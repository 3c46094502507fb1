import { requestContext } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import { ACME, anEntry, OTHER } from '../../test/entry.builder';
import { InMemoryAnswerCache } from '../../test/in-memory-answer.cache';
import { InMemoryConsolidationReader, InMemoryLedger } from '../../test/in-memory-ledger';
import { InMemoryTenants, PlainTransaction } from '../../test/in-memory-tenants';
import { TenantSuspended, RangeReversed, RangeTooLong } from '../domain/consolidation.errors';
import { Tenant } from '../domain/tenant';
import { Answer, Answers } from './answers';
import { AwaitRelease } from './await-release';
import { ReadBalance } from './read-balance';
import { ReadDay } from './read-day';
import { ReadRange } from './read-range';

const NOON = '2026-03-10T15:00:00.000Z';

function setting() {
  const ledger = new InMemoryLedger();
  const reader = new InMemoryConsolidationReader(ledger);
  const cache = new InMemoryAnswerCache();
  const tenants = new InMemoryTenants();
  const transaction = new PlainTransaction();
  const clock = new FixedClock(NOON);
  const answers = new Answers(cache, transaction, tenants, clock);
  const readDay = new ReadDay(answers, cache, reader, new AwaitRelease(transaction, reader));
  return {
    ledger,
    reader,
    cache,
    tenants,
    clock,
    readDay,
    readRange: new ReadRange(answers, reader),
    readBalance: new ReadBalance(answers, reader),
    /** What the consumer does: commit, then renew. */
    async post(entry = anEntry().build()) {
      await ledger.record([entry]);
      await cache.renew([entry.tenantId]);
      return entry;
    },
  };
}

const seen = (answer: Answer): Record<string, unknown> => JSON.parse(answer.body) as Record<string, unknown>;
const today = { tenantId: ACME, date: '2026-03-10' };

describe('reading a day', () => {
  it('answers the figures of the day and what it opened with', async () => {
    const { readDay, post } = setting();
    await post(anEntry().credit('100.00').at('2026-03-09T12:00:00.000Z').build());
    await post(anEntry().credit('10.00').build());
    await post(anEntry().debit('2.50').build());
    expect(seen(await readDay.execute(today))).toEqual({
      date: '2026-03-10',
      openingBalance: '100.00',
      credits: '10.00',
      debits: '2.50',
      balance: '7.50',
      closingBalance: '107.50',
      count: 2,
      timeZone: 'America/Sao_Paulo',
      asOf: NOON,
    });
  });

  it('answers a repeated read from the cache, to the byte', async () => {
    const { readDay } = setting();
    const first = await readDay.execute(today);
    const second = await readDay.execute(today);
    expect([first.cached, second.cached]).toEqual([false, true]);
    expect(second.body).toBe(first.body);
    expect(second.ageSeconds).toBe(7);
  });

  it('shows a new posting at once, on every later day too', async () => {
    const { readDay, post } = setting();
    await readDay.execute(today);
    await post(anEntry().credit('1.00').at('2026-03-01T12:00:00.000Z').build());
    expect(seen(await readDay.execute(today))).toMatchObject({ openingBalance: '1.00', count: 0 });
  });

  it('never keeps an answer that a posting overtook while it was computed', async () => {
    const { readDay, reader, post } = setting();
    reader.afterRead = async () => {
      reader.afterRead = () => undefined;
      await post(anEntry().credit('9.00').build());
    };
    expect(seen(await readDay.execute(today))['credits']).toBe('0.00'); // it had read before
    const next = await readDay.execute(today);
    expect(next.cached).toBe(false);
    expect(seen(next)['credits']).toBe('9.00');
  });

  it('computes once for all who miss together', async () => {
    const { readDay, reader } = setting();
    let reads = 0;
    reader.beforeRead = () => void reads++;
    await Promise.all(Array.from({ length: 20 }, () => readDay.execute(today)));
    expect(reads).toBe(1);
  });

  it('goes to the database while the cache is away', async () => {
    const { readDay, cache, ledger } = setting();
    await readDay.execute(today);
    cache.away = true;
    await ledger.record([anEntry().credit('3.00').build()]);
    const answer = await readDay.execute(today);
    expect(answer.cached).toBe(false);
    expect(seen(answer)['credits']).toBe('3.00');
  });

  it('does not show one tenant what another posted', async () => {
    const { readDay, post } = setting();
    await post(anEntry().of(OTHER).credit('5.00').build());
    await readDay.execute({ ...today, tenantId: OTHER });
    expect(seen(await readDay.execute(today))).toMatchObject({ credits: '0.00', openingBalance: '0.00' });
  });

  it('refuses a suspended tenant and keeps nothing of it', async () => {
    const { readDay, tenants, cache } = setting();
    await tenants.keep([Tenant.of({ id: ACME, timeZone: 'UTC', status: 'suspended', revision: 2 })]);
    await expect(readDay.execute(today)).rejects.toThrow(TenantSuspended);
    expect(cache.fills).toEqual([]);
  });
});

describe('reading today', () => {
  it("is the day on the tenant's own wall", async () => {
    const { readDay, clock, tenants } = setting();
    clock.set('2026-03-10T02:59:59.999Z');
    expect(seen(await readDay.execute({ tenantId: ACME }))['date']).toBe('2026-03-09');
    await tenants.keep([Tenant.of({ id: OTHER, timeZone: 'Asia/Tokyo', status: 'active', revision: 1 })]);
    expect(seen(await readDay.execute({ tenantId: OTHER }))).toMatchObject({
      date: '2026-03-10',
      timeZone: 'Asia/Tokyo',
    });
  });

  it('is kept for no longer than the day lasts', async () => {
    const { readDay, clock, cache } = setting();
    clock.set('2026-03-11T02:59:00.000Z');
    await readDay.execute({ tenantId: ACME });
    expect(cache.fills).toEqual([{ key: 'day:today', seconds: 58 }]);
  });
});

describe('reading a day after a release', () => {
  it('waits for the release and takes no answer from before it', async () => {
    const { readDay, ledger } = setting();
    await readDay.execute(today); // cached without it
    const entry = anEntry().credit('4.00').build();
    setTimeout(() => void ledger.record([entry]), 50); // committed, not renewed yet
    const answer = await readDay.execute({ ...today, after: entry.releaseId });
    expect(answer).toMatchObject({ cached: false, included: true });
    expect(seen(answer)['credits']).toBe('4.00');
    expect(seen(await readDay.execute(today))['credits']).toBe('4.00'); // and nobody sees the older one again
  });

  it('gives up after a second and says so', async () => {
    const { readDay } = setting();
    const start = performance.now();
    const answer = await readDay.execute({ ...today, after: anEntry().build().releaseId });
    expect(answer).toMatchObject({ cached: false, included: false });
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('answers from the database while the cache is away', async () => {
    const { readDay, ledger, cache } = setting();
    cache.away = true;
    const entry = anEntry().credit('4.00').build();
    await ledger.record([entry]);
    const answer = await readDay.execute({ ...today, after: entry.releaseId });
    expect(answer.included).toBe(true);
    expect(seen(answer)['credits']).toBe('4.00');
  });
});

describe('reading a range', () => {
  it('has a row for each day, empty ones too, the balance running through', async () => {
    const { readRange, post } = setting();
    await post(anEntry().credit('1.00').at('2026-03-08T12:00:00.000Z').build());
    await post(anEntry().debit('0.25').build());
    const range = seen(await readRange.execute({ tenantId: ACME, from: '2026-03-09', to: '2026-03-11' }));
    expect(range).toMatchObject({
      from: '2026-03-09',
      to: '2026-03-11',
      timeZone: 'America/Sao_Paulo',
      asOf: NOON,
    });
    expect(range['items']).toMatchObject([
      { date: '2026-03-09', openingBalance: '1.00', closingBalance: '1.00', count: 0 },
      { date: '2026-03-10', openingBalance: '1.00', debits: '0.25', closingBalance: '0.75', count: 1 },
      { date: '2026-03-11', openingBalance: '0.75', closingBalance: '0.75', count: 0 },
    ]);
  });

  it('covers a leap year and not a day more', async () => {
    const { readRange } = setting();
    const year = await readRange.execute({ tenantId: ACME, from: '2024-01-01', to: '2024-12-31' });
    expect(seen(year)['items']).toHaveLength(366);
    await expect(readRange.execute({ tenantId: ACME, from: '2024-01-01', to: '2025-01-01' })).rejects.toThrow(
      RangeTooLong,
    );
  });

  it('refuses to run backwards', async () => {
    const { readRange } = setting();
    await expect(readRange.execute({ tenantId: ACME, from: '2024-01-02', to: '2024-01-01' })).rejects.toThrow(
      RangeReversed,
    );
  });
});

describe('reading the balance at an instant', () => {
  it('counts what occurred at that very instant and nothing later', async () => {
    const { readBalance, post } = setting();
    await post(anEntry().credit('1.00').at('2026-03-10T02:59:59.999Z').build());
    await post(anEntry().credit('2.00').at('2026-03-10T03:00:00.000Z').build());
    const at = new Date('2026-03-10T02:59:59.999Z');
    const answer = await readBalance.execute({ tenantId: ACME, at });
    expect(seen(answer)).toMatchObject({ at: at.toISOString(), balance: '1.00' });
    expect((await readBalance.execute({ tenantId: ACME, at })).cached).toBe(true);
  });

  it('is now by default, and never from the cache', async () => {
    const { readBalance, clock } = setting();
    await readBalance.execute({ tenantId: ACME });
    clock.advance({ seconds: 1 });
    const answer = await readBalance.execute({ tenantId: ACME });
    expect(answer.cached).toBe(false);
    expect(seen(answer)['at']).toBe(clock.now().toISOString());
  });
});

it('asks for the tenant by name and never takes it from the surroundings', async () => {
  const { readDay, post } = setting();
  await post(anEntry().credit('5.00').build());
  const answer = await requestContext.run({ requestId: 'r', tenantId: OTHER }, () => readDay.execute(today));
  expect(seen(answer)['credits']).toBe('5.00');
});
