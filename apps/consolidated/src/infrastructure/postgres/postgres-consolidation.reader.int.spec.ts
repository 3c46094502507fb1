import fc from 'fast-check';
import { Client } from 'pg';
import { auditSchema } from '@libs/database';
import { BusinessDate, TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { aTenant, Consolidation, openConsolidation } from '../../../test/consolidation-database';
import { anEntry } from '../../../test/entry.builder';
import { consolidatedSchema } from '../../consolidated.schema';
import { ConsolidatedDay } from '../../domain/consolidated-day';
import { Tenant } from '../../domain/tenant';

let database: TestDatabase;
let worker: Consolidation;
let api: Consolidation;
let admin: Client;

beforeAll(async () => {
  database = await testDatabase([consolidatedSchema]);
  worker = await openConsolidation(database, 'consolidated_worker');
  api = await openConsolidation(database, 'consolidated_api');
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await worker?.close();
  await api?.close();
  await admin?.end();
  await database?.drop();
});

const day = (tenant: TenantId, date: string): Promise<ConsolidatedDay> =>
  api.as(tenant, () => api.reader.day(tenant, BusinessDate.parse(date)));
const figures = (each: ConsolidatedDay) => [
  String(each.openingBalance),
  String(each.credits),
  String(each.debits),
  each.count,
];

describe('a day', () => {
  it('begins at 03:00:00.000Z in São Paulo and not a millisecond earlier', async () => {
    const tenant = aTenant();
    await worker.record(
      anEntry().of(tenant).credit('1.00').at('2026-03-10T02:59:59.999Z').build(),
      anEntry().of(tenant).credit('2.00').at('2026-03-10T03:00:00.000Z').build(),
    );
    expect(figures(await day(tenant, '2026-03-09'))).toEqual(['0.00', '1.00', '0.00', 1]);
    expect(figures(await day(tenant, '2026-03-10'))).toEqual(['1.00', '2.00', '0.00', 1]);
  });

  it('without movement opens and closes with the same balance', async () => {
    const tenant = aTenant();
    await worker.record(anEntry().of(tenant).debit('1.50').build());
    const empty = await day(tenant, '2027-01-01');
    expect([String(empty.openingBalance), String(empty.closingBalance), empty.count]).toEqual([
      '-1.50',
      '-1.50',
      0,
    ]);
  });

  it.each([
    [
      'lost its first hour',
      '2018-11-04',
      '2018-11-04T03:00:00.000Z',
      '2018-11-05T01:59:59.999Z',
      '2018-11-05T02:00:00.000Z',
    ],
    [
      'had 23:00 twice',
      '2019-02-16',
      '2019-02-16T02:00:00.000Z',
      '2019-02-17T02:59:59.999Z',
      '2019-02-17T03:00:00.000Z',
    ],
  ])('that %s holds all its hours', async (_, date, first, last, next) => {
    const tenant = aTenant();
    for (const at of [first, last, next])
      await worker.record(anEntry().of(tenant).credit('1.00').at(at).build());
    expect((await day(tenant, date)).count).toBe(2);
  });
});

describe('a range', () => {
  it('has the balance before it and the days that moved', async () => {
    const tenant = aTenant();
    await worker.record(
      anEntry().of(tenant).credit('9.00').at('2026-03-01T12:00:00.000Z').build(),
      anEntry().of(tenant).debit('2.00').at('2026-03-03T12:00:00.000Z').build(),
      anEntry().of(tenant).debit('4.00').at('2026-03-05T12:00:00.000Z').build(),
    );
    const { openingBalance, movements } = await api.as(tenant, () =>
      api.reader.movements(tenant, BusinessDate.parse('2026-03-02'), BusinessDate.parse('2026-03-04')),
    );
    expect(String(openingBalance)).toBe('9.00');
    expect([...movements.keys()]).toEqual(['2026-03-03']);
    expect(String(movements.get('2026-03-03')?.debits)).toBe('2.00');
  });
});

describe('the balance at an instant', () => {
  const zones = [
    'America/Sao_Paulo',
    'Pacific/Kiritimati',
    'Etc/GMT+12',
    'Asia/Tokyo',
    'America/Noronha',
    'UTC',
  ];
  const around = Date.parse('2019-02-16T12:00:00.000Z');
  const moment = fc
    .integer({ min: -5 * 86_400_000, max: 5 * 86_400_000 })
    .map((shift) => new Date(around + shift));

  it('equals the naive sum, whatever time zones the tenant has been in', async () => {
    const release = fc.record({
      at: moment,
      cents: fc.integer({ min: 1, max: 99_999 }),
      zone: fc.constantFrom(...zones),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(release, { minLength: 1, maxLength: 30 }),
        fc.array(moment, { maxLength: 6 }),
        async (releases, instants) => {
          const tenant = aTenant();
          await worker.record(
            ...releases.map(({ at, cents, zone }) =>
              anEntry()
                .of(tenant)
                .credit((cents / 100).toFixed(2))
                .at(at.toISOString())
                .bookedOn(BusinessDate.of(at, zone).toString())
                .build(),
            ),
          );
          for (const instant of [...instants, ...releases.map(({ at }) => at)]) {
            const naive = releases
              .filter(({ at }) => at <= instant)
              .reduce((sum, { cents }) => sum + cents, 0);
            const balance = await api.as(tenant, () => api.reader.balanceAt(tenant, instant));
            expect(balance.cents).toBe(BigInt(naive));
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each(['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])('is known as far as %s', async (at) => {
    const tenant = aTenant();
    const balance = await api.as(tenant, () => api.reader.balanceAt(tenant, new Date(at)));
    expect(String(balance)).toBe('0.00');
  });
});

it('keeps the highest revision of a tenant and reads it back', async () => {
  const tenant = aTenant();
  const revised = (revision: number, timeZone: string) =>
    Tenant.of({ id: tenant, timeZone, status: 'active', revision });
  const keep = (...tenants: Tenant[]) =>
    worker.transaction.runFor([tenant], () => worker.tenants.keep(tenants));
  await keep(revised(2, 'America/Manaus'), revised(3, 'America/Belem'), revised(1, 'UTC'));
  await keep(revised(2, 'UTC'));
  expect(await api.as(tenant, () => api.tenants.get(tenant))).toMatchObject({
    timeZone: 'America/Belem',
    revision: 3,
  });
  expect(await api.as(aTenant(), () => api.tenants.get(aTenant()))).toMatchObject({
    timeZone: 'America/Sao_Paulo',
  });
});

describe('the two walls between tenants', () => {
  const TABLES = ['entry', 'daily', 'tenant'];
  let mine: TenantId;
  let theirs: TenantId;

  beforeAll(async () => {
    [mine, theirs] = [aTenant(), aTenant()];
    await worker.record(
      anEntry().of(mine).credit('1.00').build(),
      anEntry().of(theirs).credit('2.00').build(),
    );
    await worker.transaction.runFor([mine, theirs], () =>
      worker.tenants.keep(
        [mine, theirs].map((id) => Tenant.of({ id, timeZone: 'UTC', status: 'active', revision: 1 })),
      ),
    );
  });

  it('leave no table, unique key or foreign key without its tenant', async () => {
    expect(await auditSchema(database.adminUrl, 'consolidated')).toEqual([]);
  });

  it('row-level security alone: queries without a filter see one tenant', async () => {
    for (const table of TABLES) {
      const rows = await api.as(mine, () =>
        api.sql.query<{ tenant_id: string }>(`select tenant_id from consolidated.${table}`),
      );
      expect(new Set(rows.map((row) => row.tenant_id))).toEqual(new Set([mine]));
      expect(await api.sql.query(`select 1 from consolidated.${table}`)).toEqual([]); // outside a transaction: nobody's
    }
  });

  it('the filter alone: with policies off the reader still sees one tenant', async () => {
    for (const table of TABLES)
      await admin.query(`alter table consolidated.${table} disable row level security`);
    try {
      expect((await day(mine, '2026-03-10')).credits.toString()).toBe('1.00');
      const at = new Date('2026-12-31T00:00:00.000Z');
      expect(String(await api.as(mine, () => api.reader.balanceAt(mine, at)))).toBe('1.00');
      const date = BusinessDate.parse('2026-03-10');
      const { movements } = await api.as(mine, () => api.reader.movements(mine, date, date));
      expect(movements.get('2026-03-10')?.count).toBe(1);
    } finally {
      for (const table of TABLES)
        await admin.query(`alter table consolidated.${table} enable row level security`);
    }
  });

  it.each([
    'insert into consolidated.daily values ($1, now(), 1, 0, 1)',
    'delete from consolidated.entry where tenant_id = $1',
  ])('the API role may only read: %s', async (statement) => {
    await expect(api.as(mine, () => api.sql.query(statement, [mine]))).rejects.toThrow(/permission denied/);
  });
});
