import { newId, requestContext, TenantId } from '@libs/kernel';
import { asAdmin, TestDatabase } from '@libs/testing';
import { SampleApp, sampleApp, sampleDatabase } from '../test/sample-database';
import { DatabaseUnavailable } from './sql-errors';

describe('TenantTransaction', () => {
  let database: TestDatabase;
  let api: SampleApp;
  let worker: SampleApp;
  let a: TenantId;
  let b: TenantId;

  beforeAll(async () => {
    database = await sampleDatabase();
    api = await sampleApp(database.urlFor('sample_api'));
    worker = await sampleApp(database.urlFor('sample_worker'));
  });

  afterAll(async () => {
    await api.close();
    await worker.close();
    await database.drop();
  });

  beforeEach(async () => {
    a = newId<TenantId>();
    b = newId<TenantId>();
    await worker.transaction.runFor([a, b], async () => {
      await write(worker, a, 'of a');
      await write(worker, b, 'of b');
    });
  });

  const asTenant = <T>(tenantId: TenantId, work: () => Promise<T>): Promise<T> =>
    requestContext.run({ requestId: newId(), tenantId }, work);
  const write = (app: SampleApp, tenantId: TenantId, text: string) =>
    app.sql.query('insert into sample.note (tenant_id, text) values ($1, $2)', [tenantId, text]);
  // On purpose without a tenant filter: only row-level security stands between the tenants here.
  const readAll = async (app: SampleApp) =>
    (await app.sql.query<{ text: string }>('select text from sample.note order by text')).map(
      (row) => row.text,
    );

  describe('with the filter off, row-level security alone', () => {
    it("shows a tenant its own rows and nobody else's", async () => {
      await expect(asTenant(a, () => api.transaction.run(() => readAll(api)))).resolves.toEqual(['of a']);
      await expect(asTenant(b, () => api.transaction.run(() => readAll(api)))).resolves.toEqual(['of b']);
    });

    it('lets no tenant write, change or delete for another', async () => {
      const inA = <T>(work: () => Promise<T>) => asTenant(a, () => api.transaction.run(work));
      await expect(inA(() => write(api, b, 'forged'))).rejects.toThrow(/row-level security/);
      await expect(inA(() => api.sql.query('update sample.note set tenant_id = $1', [b]))).rejects.toThrow(
        /row-level security/,
      );
      await inA(() => api.sql.query('delete from sample.note'));
      await expect(asTenant(b, () => api.transaction.run(() => readAll(api)))).resolves.toEqual(['of b']);
    });

    it('admits a batch to exactly the tenants it names', async () => {
      await expect(worker.transaction.runFor([a, b], () => readAll(worker))).resolves.toEqual([
        'of a',
        'of b',
      ]);
      await expect(worker.transaction.runFor([b], () => readAll(worker))).resolves.toEqual(['of b']);
      await expect(worker.transaction.runFor([], () => readAll(worker))).resolves.toEqual([]);
      await expect(worker.transaction.runFor([a], () => write(worker, b, 'forged'))).rejects.toThrow(
        /row-level security/,
      );
    });

    it('shows nothing outside a transaction, not even on a connection that served a tenant', async () => {
      for (let each = 0; each < 8; each++) await asTenant(a, () => api.transaction.run(() => readAll(api)));
      await expect(readAll(api)).resolves.toEqual([]);
    });

    it('shows a single reading statement the rows of its tenant, and lets it write none', async () => {
      const texts = (sql: SampleApp['sql'], tenantId: TenantId, where: string) =>
        sql.queryAlone<{ text: string }>(tenantId, `select text from sample.note where ${where}`, ["of ' a"]);
      await expect(texts(worker.sql, a, '$1 <> text')).resolves.toEqual([{ text: 'of a' }]);
      await expect(texts(worker.sql, b, '$1 <> text')).resolves.toEqual([{ text: 'of b' }]);
      // whatever transaction is open, and nothing of it is left on the connection
      const inside = worker.transaction.runFor([a], () => texts(worker.sql, b, '$1 <> text'));
      await expect(inside).resolves.toEqual([{ text: 'of b' }]);
      await expect(readAll(worker)).resolves.toEqual([]);
      const forged = worker.sql.queryAlone(a, 'insert into sample.note (tenant_id, text) values ($1, $2)', [
        a,
        'x',
      ]);
      await expect(forged).rejects.toThrow(DatabaseUnavailable); // as on a server that became a replica
      await expect(texts(worker.sql, a, '$1 <> text')).resolves.toEqual([{ text: 'of a' }]);
      await expect(texts(worker.sql, a, '1 / 0 = 0')).rejects.toThrow(/division by zero/);
      for (let each = 0; each < 8; each++) await expect(readAll(worker)).resolves.toEqual([]);
    });

    it('gives the operator every row to read and none to write', async () => {
      const url = database.urlFor('operator');
      const rows = await asAdmin(url, 'select text from sample.note where tenant_id in ($1, $2)', [a, b]);
      expect(rows).toHaveLength(2);
      await expect(asAdmin(url, 'delete from sample.note')).rejects.toThrow(/read-only|permission denied/);
      await expect(asAdmin(url, 'set transaction_read_only = off; delete from sample.note')).rejects.toThrow(
        /permission denied/,
      );
    });
  });

  it('commits what the work wrote, and rolls it all back when the work rejects', async () => {
    await asTenant(a, () => api.transaction.run(() => write(api, a, 'kept')));
    const failing = asTenant(a, () =>
      api.transaction.run(async () => {
        await write(api, a, 'undone');
        throw new Error('refused by the domain');
      }),
    );
    await expect(failing).rejects.toThrow('refused by the domain');
    await expect(worker.transaction.runFor([a], () => readAll(worker))).resolves.toEqual(['kept', 'of a']);
  });

  it('joins the open transaction when nested', async () => {
    const failing = asTenant(a, () =>
      api.transaction.run(async () => {
        await api.transaction.run(() => write(api, a, 'nested'));
        expect(await readAll(api)).toEqual(['nested', 'of a']);
        throw new Error('the outer one fails');
      }),
    );
    await expect(failing).rejects.toThrow('the outer one fails');
    await expect(worker.transaction.runFor([a], () => readAll(worker))).resolves.toEqual(['of a']);
  });

  it('commits nothing when a nested run failed, even if the outer work swallows the error', async () => {
    const careless = asTenant(a, () =>
      api.transaction.run(async () => {
        await write(api, a, 'before');
        await api.transaction.run(() => Promise.reject(new Error('nested failure'))).catch(() => undefined);
      }),
    );
    await expect(careless).rejects.toThrow('nested failure');
    await expect(worker.transaction.runFor([a], () => readAll(worker))).resolves.toEqual(['of a']);
  });

  it('says so when an SQL error was swallowed, instead of reporting a commit that was none', async () => {
    const careless = asTenant(a, () =>
      api.transaction.run(async () => {
        await write(api, a, 'lost');
        await write(api, a, 'lost').catch(() => undefined);
      }),
    );
    await expect(careless).rejects.toThrow(/swallowed/);
  });

  it('does not widen an open transaction to other tenants', async () => {
    const widening = worker.transaction.runFor([a], () =>
      worker.transaction.runFor([b], () => readAll(worker)),
    );
    await expect(widening).rejects.toThrow(/other tenants/);
  });

  it('refuses a query that outlives its transaction', async () => {
    let late: Promise<unknown> | undefined;
    const over = Promise.withResolvers<void>();
    await asTenant(a, () =>
      api.transaction.run(async () => {
        late = over.promise.then(() => readAll(api));
        late.catch(() => undefined);
        await readAll(api);
      }),
    );
    over.resolve();
    await expect(late).rejects.toThrow(/await every query/);
  });

  it('wakes after the commit only', async () => {
    const seen: string[][] = [];
    let looked: Promise<unknown> | undefined;
    const look = () =>
      (looked = worker.transaction.runFor([a], () => readAll(worker)).then((rows) => seen.push(rows)));
    await asTenant(a, () =>
      api.transaction.run(async () => {
        api.sql.afterCommit(() => void look());
        await write(api, a, 'new');
      }),
    );
    await looked;
    expect(seen).toEqual([['new', 'of a']]);
  });

  describe('what is written at the commit', () => {
    const texts = () => worker.transaction.runFor([a], () => readAll(worker));

    it('comes last, all of it at once, in the order it was given', async () => {
      const seen: string[] = [];
      const last = async (items: readonly string[]): Promise<void> => {
        seen.push(...(await readAll(api)));
        for (const item of items) await write(api, a, item);
      };
      await asTenant(a, () =>
        api.transaction.run(async () => {
          api.sql.atCommit('z first', last);
          await api.transaction.run(async () => api.sql.atCommit('z second', last));
          await write(api, a, 'meanwhile');
        }),
      );
      expect(seen).toEqual(['meanwhile', 'of a']);
      await expect(texts()).resolves.toEqual(['meanwhile', 'of a', 'z first', 'z second']);
    });

    it('takes everything with it when it fails, and is not tried when the work failed', async () => {
      const refused = jest.fn().mockRejectedValue(new Error('cannot be written'));
      const attempt = (work: () => Promise<unknown>) =>
        asTenant(a, () =>
          api.transaction.run(async () => {
            await write(api, a, 'before');
            api.sql.atCommit('x', refused);
            await work();
          }),
        );
      await expect(attempt(() => Promise.resolve())).rejects.toThrow('cannot be written');
      expect(refused).toHaveBeenCalledTimes(1);
      await expect(attempt(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
      const swallowed = () =>
        api.transaction.run(() => Promise.reject(new Error('nested'))).catch(() => undefined);
      await expect(attempt(swallowed)).rejects.toThrow('nested');
      expect(refused).toHaveBeenCalledTimes(1);
      await expect(texts()).resolves.toEqual(['of a']);
    });

    it('is refused where no transaction is open', () => {
      expect(() => api.sql.atCommit('x', () => Promise.resolve())).toThrow(/no open transaction/);
    });
  });

  it('refuses a tenant id that is no UUID before any SQL is built from it', async () => {
    const hostile = "x', true); drop table sample.note; --" as TenantId;
    await expect(worker.transaction.runFor([hostile], () => readAll(worker))).rejects.toThrow(/UUID/);
  });

  it('keeps its pool whole through errors', async () => {
    const small = await sampleApp(database.urlFor('sample_api'), 2);
    const failures = Array.from({ length: 20 }, (_, index) =>
      asTenant(a, () =>
        small.transaction.run(() =>
          index % 2 ? small.sql.query('select 1/0') : Promise.reject(new Error('domain')),
        ),
      ),
    );
    const outcomes = await Promise.allSettled(failures);
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect({ total: small.pool.totalCount, idle: small.pool.idleCount }).toEqual({ total: 2, idle: 2 });
    await expect(asTenant(a, () => small.transaction.run(() => readAll(small)))).resolves.toEqual(['of a']);
    await small.close();
  });

  it('leaks neither the connection nor the tenant when the connection breaks half-way', async () => {
    const small = await sampleApp(database.urlFor('sample_api'), 1);
    const broken = asTenant(a, () =>
      small.transaction.run(async () => {
        await write(small, a, 'never committed');
        const [own] = await small.sql.query<{ pid: number }>('select pg_backend_pid() as pid');
        await asAdmin(database.adminUrl, 'select pg_terminate_backend($1)', [own?.pid]);
        await readAll(small);
      }),
    );
    await expect(broken).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(small.pool.totalCount).toBe(0);
    await expect(readAll(small)).resolves.toEqual([]);
    await expect(asTenant(b, () => small.transaction.run(() => readAll(small)))).resolves.toEqual(['of b']);
    await expect(asTenant(a, () => small.transaction.run(() => readAll(small)))).resolves.toEqual(['of a']);
    await small.close();
  });

  it('leaves a server that became a standby: the next try is on a new connection', async () => {
    const tenant = newId<TenantId>();
    const one = await sampleApp(database.urlFor('sample_worker'), 1);
    await one.sql.query('set default_transaction_read_only = on');
    const write = (): Promise<unknown> =>
      one.transaction.runFor([tenant], () =>
        one.sql.query('insert into sample.note (tenant_id, text) values ($1, $2)', [tenant, 'failed over']),
      );
    await expect(write()).rejects.toMatchObject({ kind: 'unavailable', retryAfter: 1 });
    await write();
    await one.close();
  });

  it('is unavailable, not wrong, when every connection stays busy', async () => {
    const small = await sampleApp(database.urlFor('sample_api'), 1);
    const client = await small.pool.connect();
    await expect(small.sql.query('select 1')).rejects.toMatchObject({ kind: 'unavailable', retryAfter: 1 });
    client.release();
    await small.close();
  });

  it('is unavailable, not wrong, for a request that is still there when the application closes', async () => {
    const closing = await sampleApp(database.urlFor('sample_api'), 1);
    await closing.close();
    const unavailable = { kind: 'unavailable', retryAfter: 1 };
    await expect(closing.sql.query('select 1')).rejects.toMatchObject(unavailable);
    await expect(closing.sql.queryAlone(a, 'select 1', [])).rejects.toMatchObject(unavailable);
    await expect(asTenant(a, () => closing.transaction.run(() => readAll(closing)))).rejects.toMatchObject(
      unavailable,
    );
  });
});
