import { Client } from 'pg';
import { auditSchema, isDataFault } from '@libs/database';
import { ReleaseId, TenantId, newId } from '@libs/kernel';
import { bisect } from '@libs/messaging';
import { TestDatabase, testDatabase } from '@libs/testing';
import { LedgerContext } from '../../test/ledger-context';
import { aRelease } from '../../test/release.builder';
import { releasesSchema } from '../releases.schema';
import { Release } from '../domain/release';

describe('posting releases to PostgreSQL', () => {
  let database: TestDatabase;
  let ledger: LedgerContext;
  let admin: Client;

  beforeAll(async () => {
    database = await testDatabase([releasesSchema]);
    ledger = await LedgerContext.open(database.urlFor('releases_worker'));
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await ledger?.close();
    await admin?.end();
    await database?.drop();
  });

  const rowsOf = async (tenantId: TenantId) =>
    (
      await admin.query(
        'select *, business_date::text as day from releases.release where tenant_id = $1 order by id',
        [tenantId],
      )
    ).rows;
  const outboxOf = async (tenantId: TenantId) =>
    (await admin.query('select * from releases.outbox where tenant_id = $1', [tenantId])).rows;

  it('leads every key with the tenant and forces row-level security', async () => {
    expect(await auditSchema(database.adminUrl, 'releases')).toEqual([]);
  });

  it('keeps every field as it was accepted', async () => {
    const release = aRelease()
      .debit('12.34')
      .described('Tarifa "especial" \\ {a,b} 🥖')
      .at('2026-11-22T02:59:59.999Z')
      .with({ caixa: '2', itens: [1, { x: null }], texto: 'linha\n"outra"' })
      .build();
    await ledger.post.execute([release]);
    expect(await rowsOf(release.tenantId)).toMatchObject([
      {
        id: release.id,
        user_id: release.userId,
        amount: '-1234',
        description: 'Tarifa "especial" \\ {a,b} 🥖',
        metadata: { caixa: '2', itens: [1, { x: null }], texto: 'linha\n"outra"' },
        occurred_at: new Date('2026-11-22T02:59:59.999Z'),
        day: '2026-11-21',
        input_hash: release.inputHash,
        request_id: 'request-of-the-test',
      },
    ]);
  });

  it("turns the day at the tenant's midnight, to the millisecond", async () => {
    const tenantId = newId<TenantId>();
    await ledger.post.execute([
      aRelease().of(tenantId).at('2026-11-22T02:59:59.999Z').described('antes').build(),
      aRelease().of(tenantId).at('2026-11-22T03:00:00.000Z').described('depois').build(),
    ]);
    const days = Object.fromEntries((await rowsOf(tenantId)).map((row) => [row.description, row.day]));
    expect(days).toEqual({ antes: '2026-11-21', depois: '2026-11-22' });
  });

  it('writes one outbox row for each tenant, with all its facts', async () => {
    const [one, other] = [newId<TenantId>(), newId<TenantId>()];
    await ledger.post.execute([
      ...Array.from({ length: 5 }, () => aRelease().of(one).build()),
      aRelease().of(other).build(),
    ]);
    expect(await outboxOf(one)).toMatchObject([{ topic: 'releases.posted.v1', message_count: 5 }]);
    expect(await outboxOf(other)).toMatchObject([{ message_count: 1 }]);
  });

  it('tells new, known and reused ids apart in one batch', async () => {
    const tenantId = newId<TenantId>();
    const [known, reused] = [aRelease().of(tenantId).build(), aRelease().of(tenantId).build()];
    await ledger.post.execute([known, reused]);
    const other = aRelease().of(tenantId).identifiedBy(reused.id).hashed('other').build();
    const fresh = aRelease().of(tenantId).build();
    const outcome = await ledger.post.execute([known, other, fresh]);
    expect(outcome).toEqual({ posted: 1, duplicates: 1, reused: [other] });
    expect(await outboxOf(tenantId)).toHaveLength(2);
  });

  it('posts each once when several workers post the same releases in different orders', async () => {
    const tenantId = newId<TenantId>();
    const releases = Array.from({ length: 300 }, () => aRelease().of(tenantId).build());
    const orders = [releases, [...releases].reverse(), [...releases.slice(150), ...releases.slice(0, 150)]];
    const outcomes = await Promise.all(orders.map((order) => ledger.post.execute(order)));
    expect(outcomes.reduce((sum, outcome) => sum + outcome.posted, 0)).toBe(300);
    expect(outcomes.reduce((sum, outcome) => sum + outcome.duplicates, 0)).toBe(600);
    const facts = (await outboxOf(tenantId)).reduce((sum, row) => sum + Number(row.message_count), 0);
    expect(facts).toBe(300);
  });

  it('isolates what the database refuses and posts the rest', async () => {
    const tenantId = newId<TenantId>();
    const releases = Array.from({ length: 40 }, (_, i) =>
      aRelease()
        .of(tenantId)
        .described(i === 7 || i === 31 ? 'NUL \0' : `venda ${i}`)
        .build(),
    );
    const poisoned = await bisect(
      releases,
      async (some: readonly Release[]) => void (await ledger.post.execute(some)),
      isDataFault,
    );
    expect(poisoned.map(({ row }) => row.id).sort()).toEqual([releases[7]?.id, releases[31]?.id].sort());
    expect(await rowsOf(tenantId)).toHaveLength(38);
  });

  it('shows a worker no row of a tenant its transaction does not name, nor lets it write one', async () => {
    const [mine, other] = [newId<TenantId>(), newId<TenantId>()];
    await ledger.post.execute([aRelease().of(other).build()]);
    const seen = await ledger.transaction.runFor([mine], () =>
      ledger.sql.query('select id from releases.release'),
    );
    expect(seen).toEqual([]);
    const foreign = [{ release: aRelease().of(other).build(), businessDate: '2026-11-22' }];
    await expect(
      ledger.transaction.runFor([mine], () => ledger.releases.addAll(foreign as never)),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('keeps the newest copy of a tenant, in whatever order it is told', async () => {
    const tenantId = newId<TenantId>();
    const copy = (timeZone: string, revision: number) => ({
      tenantId,
      timeZone,
      status: 'active' as const,
      revision,
    });
    await ledger.transaction.runFor([tenantId], async () => {
      await ledger.tenants.keep([copy('America/Manaus', 2)]);
      await ledger.tenants.keep([copy('America/Sao_Paulo', 1)]);
      expect(await ledger.tenants.timeZonesOf([tenantId])).toEqual(new Map([[tenantId, 'America/Manaus']]));
    });
  });

  it('keeps a rejection, and its dead letter, once', async () => {
    const tenantId = newId<TenantId>();
    const rejection = {
      tenantId,
      releaseId: newId<ReleaseId>(),
      inputHash: 'h',
      requestId: 'r',
      reason: 'invalid_data' as const,
      detail: 'why',
      payload: '{"description":"NUL \\u0000"}',
    };
    const add = () =>
      ledger.transaction.runFor([tenantId], () => ledger.rejections.addAll([rejection, rejection]));
    expect(await add()).toHaveLength(1);
    expect(await add()).toHaveLength(0);
    const { rows } = await admin.query('select * from releases.dead_letter where tenant_id = $1', [tenantId]);
    expect(rows).toMatchObject([{ source: 'releases', reason: 'invalid_data', payload: rejection.payload }]);
  });
});
