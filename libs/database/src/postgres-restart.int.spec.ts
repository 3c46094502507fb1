import { startEmbeddedPostgres, EmbeddedPostgres } from '@libs/embedded';
import { newId, TenantId } from '@libs/kernel';
import { eventually } from '@libs/testing';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SampleApp, sampleApp } from '../test/sample-database';
import { sampleSchema } from '../test/sample-schema';
import { migrate } from './migrate';
import { roleUrl } from './roles';
import { isTransient } from './sql-errors';

/** A server of its own: it is killed here, and other specs share the usual one. */
describe('when PostgreSQL restarts under load', () => {
  let dataDir: string;
  let server: EmbeddedPostgres;
  let app: SampleApp;
  const tenant = newId<TenantId>();

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-restart-'));
    chmodSync(dataDir, 0o755);
    server = await startEmbeddedPostgres({ dataDir });
    await migrate(server.adminUrl, [sampleSchema], server.roleSecret);
    app = await sampleApp(roleUrl(server.adminUrl, 'sample_worker', server.roleSecret), 5);
  });

  afterAll(async () => {
    await app?.close();
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const write = (text: string): Promise<unknown> =>
    app.transaction.runFor([tenant], () =>
      app.sql.query('insert into sample.note (tenant_id, text) values ($1, $2)', [tenant, text]),
    );
  const notes = (): Promise<{ text: string }[]> =>
    app.transaction.runFor([tenant], () => app.sql.query<{ text: string }>('select text from sample.note'));

  it.each([
    ['is stopped at once', 'SIGQUIT'],
    ['is killed', 'SIGKILL'],
  ] as const)('%s: transient errors, then back within 5 s, nothing acknowledged lost', async (_, signal) => {
    const acknowledged: string[] = [];
    const errors: unknown[] = [];
    let working = true;
    const writers = Array.from({ length: 8 }, async () => {
      while (working) {
        const text = newId();
        await write(text).then(
          () => acknowledged.push(text),
          (error: unknown) => errors.push(error),
        );
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    try {
      await eventually(() => expect(acknowledged.length).toBeGreaterThan(50));
      const killed = server.pid;
      process.kill(killed, signal);
      await eventually(() => expect(errors.length).toBeGreaterThan(0));
      // some of its backends outlive it for a moment: what they acknowledge shows nothing of the next
      let before = acknowledged.length;
      const back = (): void => {
        if ([killed, 0].includes(server.pid)) before = acknowledged.length;
        expect(acknowledged.length).toBeGreaterThan(before);
      };
      await eventually(back, { within: 5000 });
    } finally {
      working = false;
      await Promise.all(writers);
    }

    expect(errors.filter((error) => !isTransient(error))).toEqual([]);
    expect(errors[0]).toMatchObject({ kind: 'unavailable', retryAfter: 1 });
    const kept = new Set((await notes()).map(({ text }) => text));
    expect(acknowledged.filter((text) => !kept.has(text))).toEqual([]);
    expect(app.pool.totalCount).toBeLessThanOrEqual(5);
    expect(app.pool.idleCount).toBe(app.pool.totalCount);
  });
});
