import fc from 'fast-check';
import { Client } from 'pg';
import { isDataFault } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { aTenant, Consolidation, openConsolidation } from '../../../test/consolidation-database';
import { anEntry } from '../../../test/entry.builder';
import { consolidatedSchema } from '../../consolidated.schema';
import { Entry } from '../../domain/entry';

let database: TestDatabase;
let worker: Consolidation;
let another: Consolidation;
let admin: Client;

beforeAll(async () => {
  database = await testDatabase([consolidatedSchema]);
  worker = await openConsolidation(database, 'consolidated_worker');
  another = await openConsolidation(database, 'consolidated_worker');
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await worker?.close();
  await another?.close();
  await admin?.end();
  await database?.drop();
});

async function daily(tenantId: TenantId) {
  const { rows } = await admin.query(
    `select business_date::text as date, credits::text, debits::text, count::int
     from consolidated.daily where tenant_id = $1 order by 1`,
    [tenantId],
  );
  return rows;
}

describe('recording', () => {
  it('adds entries to the rollup of their days', async () => {
    const tenant = aTenant();
    await worker.record(
      anEntry().of(tenant).credit('10.00').at('2026-03-10T02:59:59.999Z').build(),
      anEntry().of(tenant).credit('1.00').at('2026-03-10T03:00:00.000Z').build(),
      anEntry().of(tenant).debit('0.25').at('2026-03-10T03:00:00.000Z').build(),
    );
    expect(await daily(tenant)).toEqual([
      { date: '2026-03-09', credits: '1000', debits: '0', count: 1 },
      { date: '2026-03-10', credits: '100', debits: '25', count: 2 },
    ]);
  });

  it('counts a release once, in one batch and over batches', async () => {
    const tenant = aTenant();
    const once = anEntry().of(tenant).credit('10.00').build();
    await worker.record(once, once, anEntry().of(tenant).credit('1.00').build());
    await worker.record(once, anEntry().of(tenant).credit('2.00').build(), once);
    expect(await daily(tenant)).toEqual([{ date: '2026-03-10', credits: '1300', debits: '0', count: 3 }]);
  });

  it('keeps apart what two tenants call by the same id', async () => {
    const [one, two] = [aTenant(), aTenant()];
    const shared = '019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071';
    await worker.record(anEntry().of(one).release(shared).build(), anEntry().of(two).release(shared).build());
    expect(await daily(one)).toEqual(await daily(two));
    expect(await daily(one)).toHaveLength(1);
  });

  it('sums beyond what a bigint of cents could hold', async () => {
    const tenant = aTenant();
    await admin.query(`insert into consolidated.daily values ($1, '2026-03-10', 9223372036854775807, 0, 1)`, [
      tenant,
    ]);
    await worker.record(anEntry().of(tenant).credit('10000000000000.00').build());
    expect(await daily(tenant)).toMatchObject([{ credits: '9224372036854775807' }]);
  });

  it('is refused for a tenant that the transaction was not opened for', async () => {
    const [opened, other] = [aTenant(), aTenant()];
    const foreign = anEntry().of(other).build();
    const attempt = worker.transaction.runFor([opened], () => worker.ledger.record([foreign]));
    await expect(attempt).rejects.toThrow(/row-level security/);
    expect(await daily(other)).toEqual([]);
  });

  it('is a data fault when a row breaks a constraint, and leaves nothing behind', async () => {
    const tenant = aTenant();
    const good = anEntry().of(tenant).build();
    const bad = Object.assign(Object.create(Entry.prototype) as Entry, good, {
      releaseId: '019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6072',
      occurredAt: new Date('2026-03-20T00:00:00.000Z'), // ten days from its business date
    });
    const failure = await worker.record(good, bad).catch((error: unknown) => error);
    expect(isDataFault(failure)).toBe(true);
    expect(await daily(tenant)).toEqual([]);
  });

  it('gives the same days in any order, batching and repetition', async () => {
    const moments = fc.date({
      min: new Date('2018-10-25'),
      max: new Date('2019-02-25'),
      noInvalidDate: true,
    });
    const amounts = fc.integer({ min: -100_000, max: 100_000 }).filter((cents) => cents !== 0);
    const facts = fc.array(fc.tuple(moments, amounts), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(
        facts,
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 9 }),
        async (rows, random, size) => {
          const [straight, shuffled] = [aTenant(), aTenant()];
          const build = (tenant: TenantId) => rows.map(([at, cents]) => entryOf(tenant, at, cents));
          await worker.record(...build(straight));
          const again = build(shuffled);
          const repeats = again.filter(() => (random.next().value ?? 0) % 3 === 0);
          const deliveries = [...again, ...repeats]
            .map((entry) => ({ entry, rank: random.next().value ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ entry }) => entry);
          for (let start = 0; start < deliveries.length; start += size)
            await worker.record(...deliveries.slice(start, start + size));
          expect(await daily(shuffled)).toEqual(await daily(straight));
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('the rollup', () => {
  it('is the sum of its entries in every snapshot while writers run', async () => {
    const tenants = [aTenant(), aTenant(), aTenant()];
    let writing = true;
    const writer = async (seed: number) => {
      for (let round = 0; round < 25; round++) {
        const entries = Array.from({ length: 20 }, (_, index) =>
          entryOf(
            tenants[(seed + index) % 3]!,
            new Date(Date.UTC(2026, 2, 1 + (index % 4), 12)),
            1 + index * 7 - 60,
          ),
        );
        await worker.record(...entries, ...entries.slice(0, 5));
      }
    };
    const snapshots: unknown[] = [];
    const watcher = async () => {
      while (writing) snapshots.push(...(await disagreements(tenants)));
    };
    const watching = watcher();
    await Promise.all([writer(0), writer(1), writer(2), writer(3)]);
    writing = false;
    await watching;
    expect(snapshots).toEqual([]);
    const counts = await admin.query(
      'select count(*)::int as n from consolidated.entry where tenant_id = any($1)',
      [tenants],
    );
    expect(counts.rows).toEqual([{ n: 4 * 25 * 20 }]);
  });

  it('is mended from its entries, while a consumer goes on', async () => {
    const tenant = aTenant();
    await worker.record(anEntry().of(tenant).credit('10.00').build());
    await admin.query(`update consolidated.daily set credits = 1, count = 5 where tenant_id = $1`, [tenant]);
    await admin.query(`insert into consolidated.daily values ($1, '2020-01-01', 7, 0, 1)`, [tenant]);

    const find = () => worker.transaction.runFor([tenant], () => worker.ledger.differences(tenant));
    expect(await find()).toEqual([
      {
        date: '2020-01-01',
        entries: { credits: '0', debits: '0', count: 0 },
        rollup: { credits: '7', debits: '0', count: 1 },
      },
      {
        date: '2026-03-10',
        entries: { credits: '1000', debits: '0', count: 1 },
        rollup: { credits: '1', debits: '0', count: 5 },
      },
    ]);

    let meanwhile: Promise<void> = Promise.resolve();
    await worker.transaction.runFor([tenant], async () => {
      await worker.ledger.lock();
      const found = await worker.ledger.differences(tenant);
      // a consumer that comes now has to wait, or the correction would forget its entry
      meanwhile = another.record(anEntry().of(tenant).credit('5.00').build());
      await blocked();
      await worker.ledger.correct(tenant, found);
    });
    await meanwhile;
    expect(await find()).toEqual([]);
    expect(await daily(tenant)).toMatchObject([{ count: 0 }, { credits: '1500', count: 2 }]);
  });
});

function entryOf(tenant: TenantId, at: Date, cents: number): Entry {
  const builder = anEntry().of(tenant).at(at.toISOString());
  const amount = (Math.abs(cents) / 100).toFixed(2);
  return (cents > 0 ? builder.credit(amount) : builder.debit(amount)).build();
}

async function disagreements(tenants: TenantId[]): Promise<unknown[]> {
  const { rows } = await admin.query(
    `select * from (
       select tenant_id, business_date, sum(amount) as balance, count(*) as n
       from consolidated.entry where tenant_id = any($1) group by 1, 2) e
     full join (select * from consolidated.daily where tenant_id = any($1)) d using (tenant_id, business_date)
     where e.balance is distinct from d.credits - d.debits or e.n is distinct from d.count`,
    [tenants],
  );
  return rows;
}

async function blocked(): Promise<void> {
  for (;;) {
    const { rowCount } = await admin.query(
      `select from pg_locks where not granted and relation = 'consolidated.daily'::regclass`,
    );
    if (rowCount) return;
  }
}
