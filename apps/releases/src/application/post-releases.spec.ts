import * as fc from 'fast-check';
import { ReleasePostedV1, releasePostedV1Example } from '@libs/contracts';
import { Money, TenantId, newId } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import {
  InMemoryLedger,
  InMemoryOutbox,
  InMemoryReleases,
  InMemoryTenantCopies,
} from '../../test/in-memory-ledger';
import { aRelease } from '../../test/release.builder';
import { Release } from '../domain/release';
import { PostReleases } from './post-releases';

function aLedger() {
  const ledger = new InMemoryLedger();
  const tenants = new InMemoryTenantCopies();
  const post = new PostReleases(
    ledger,
    tenants,
    new InMemoryReleases(ledger),
    new InMemoryOutbox(ledger),
    new FixedClock(),
  );
  return { ledger, tenants, post };
}

const idsOf = (releases: Iterable<Release>) => [...releases].map((release) => release.id).sort();

describe('posting releases', () => {
  it('posts each with its fact, of whatever tenants', async () => {
    const { ledger, post } = aLedger();
    const releases = [aRelease().credit('10.00').build(), aRelease().debit('2.50').build()];
    expect(await post.execute(releases)).toEqual({ posted: 2, duplicates: 0, reused: [] });
    expect(ledger.facts.map((fact) => fact.tenantId).sort()).toEqual(
      releases.map((release) => release.tenantId).sort(),
    );
  });

  it('tells the fact in the shape of its contract', async () => {
    const { ledger, post } = aLedger();
    await post.execute([
      aRelease().debit('12.34').described('Tarifa').at('2026-11-22T02:59:59.999Z').build(),
    ]);
    const payload = ledger.facts[0]?.payload as ReleasePostedV1;
    expect(Object.keys(payload).sort()).toEqual(Object.keys(releasePostedV1Example).sort());
    expect(payload).toMatchObject({
      amount: '-12.34',
      occurredAt: '2026-11-22T02:59:59.999Z',
      businessDate: '2026-11-21',
    });
    expect(ledger.facts[0]?.type).toBe('releases.posted.v1');
  });

  it("gives each release its own tenant's day", async () => {
    const { ledger, tenants, post } = aLedger();
    const [manaus, unknown] = [newId<TenantId>(), newId<TenantId>()];
    await tenants.keep([{ tenantId: manaus, timeZone: 'America/Manaus', status: 'active', revision: 1 }]);
    const midnight = '2026-11-22T03:00:00.000Z';
    await post.execute([
      aRelease().of(manaus).at(midnight).build(),
      aRelease().of(unknown).at(midnight).build(),
    ]);
    const days = new Map(
      [...ledger.posted.values()].map((p) => [p.release.tenantId, p.businessDate.toString()]),
    );
    expect(days.get(manaus)).toBe('2026-11-21');
    expect(days.get(unknown)).toBe('2026-11-22');
  });

  it('counts a repetition as a duplicate and tells its fact once', async () => {
    const { ledger, post } = aLedger();
    const release = aRelease().build();
    expect(await post.execute([release, release])).toMatchObject({ posted: 1, duplicates: 1 });
    expect(await post.execute([release])).toMatchObject({ posted: 0, duplicates: 1 });
    expect(ledger.facts).toHaveLength(1);
  });

  it('lets the first body of an id stand, within a batch and across batches', async () => {
    const { ledger, post } = aLedger();
    const first = aRelease().hashed('first').build();
    const other = aRelease().identifiedBy(first.id).of(first.tenantId).hashed('other').build();
    expect((await post.execute([first, other])).reused).toEqual([other]);
    expect(await post.execute([other])).toEqual({ posted: 0, duplicates: 0, reused: [other] });
    expect([...ledger.posted.values()].map((posted) => posted.release)).toEqual([first]);
  });

  it('keeps equal ids of different tenants apart', async () => {
    const { post } = aLedger();
    const release = aRelease().build();
    const stranger = aRelease().identifiedBy(release.id).hashed('another').build();
    expect(await post.execute([release, stranger])).toMatchObject({ posted: 2, reused: [] });
  });

  it('leaves neither release nor fact when the commit fails', async () => {
    const { ledger, post } = aLedger();
    ledger.failingCommits = 1;
    await expect(post.execute([aRelease().build()])).rejects.toThrow('Connection terminated');
    expect([ledger.posted.size, ledger.facts.length]).toEqual([0, 0]);
  });

  it('posts the same set, to the cent, in any order and under any replay', async () => {
    const tenants = [newId<TenantId>(), newId<TenantId>()];
    const cents = fc.bigInt({ min: -100_000n, max: 100_000n }).filter((value) => value !== 0n);
    const release = fc.tuple(fc.constantFrom(...tenants), cents).map(([tenantId, amount]) => {
      const builder = aRelease().of(tenantId);
      const magnitude = Money.fromCents(amount < 0n ? -amount : amount).toString();
      return (amount < 0n ? builder.debit(magnitude) : builder.credit(magnitude)).build();
    });
    const scenario = fc.array(release, { minLength: 1, maxLength: 30 }).chain((releases) =>
      fc.record({
        releases: fc.constant(releases),
        // every release at least once, some more often, anywhere
        deliveries: fc
          .array(fc.constantFrom(...releases), { maxLength: 30 })
          .chain((again) =>
            fc.shuffledSubarray([...releases, ...again], { minLength: releases.length + again.length }),
          ),
        batchSize: fc.integer({ min: 1, max: 12 }),
        failures: fc.nat(3),
      }),
    );
    await fc.assert(
      fc.asyncProperty(scenario, async ({ releases, deliveries, batchSize, failures }) => {
        const { ledger, post } = aLedger();
        ledger.failingCommits = failures;
        for (let at = 0; at < deliveries.length; at += batchSize) {
          const batch = deliveries.slice(at, at + batchSize);
          // as the queue does: a batch that fails comes again
          while (!(await post.execute(batch).catch(() => undefined)));
        }
        const posted = [...ledger.posted.values()].map((one) => one.release);
        expect(idsOf(posted)).toEqual(idsOf(releases));
        expect(ledger.facts).toHaveLength(releases.length);
        const sum = (all: readonly Release[]) =>
          all.reduce((total, one) => total.plus(one.amount), Money.ZERO);
        expect(sum(posted).toString()).toBe(sum(releases).toString());
      }),
      { numRuns: 60 },
    );
  });
});
