import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppProcess, Entrances, freePort } from '@libs/testing';

/** `npm start` in an operating-system process of its own, on a data folder that outlives it. */
export class AllInOne {
  private process?: AppProcess;
  private readonly launched: AppProcess[] = [];
  private removed = false;

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly environment: Record<string, string>,
  ) {}

  static async prepare(environment: Record<string, string> = {}): Promise<AllInOne> {
    const dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-e2e-'));
    chmodSync(dataDir, 0o755); // run by root, the database is another user's
    return new AllInOne(await freePort(), dataDir, environment);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get entrances(): Entrances {
    return {
      auth: this.url,
      releases: this.url,
      consolidated: this.url,
      events: this.url,
      analytics: this.url,
    };
  }

  /** Of the embedded PostgreSQL, which has a port of its own at every start. */
  get adminUrl(): string {
    const { port, adminPassword } = JSON.parse(
      readFileSync(join(this.dataDir, 'postgres/secrets.json'), 'utf8'),
    ) as { port: number; adminPassword: string };
    return `postgres://moneyflow_admin:${adminPassword}@127.0.0.1:${port}/moneyflow`;
  }

  get running(): AppProcess {
    if (!this.process) throw new Error('not started');
    return this.process;
  }

  /** Ready when this resolves; the demo company, if any, may still be on its way. `environment` wins as in `launch`. */
  async start(environment: Record<string, string> = {}): Promise<AppProcess> {
    this.process = this.launch(environment);
    await this.process.ready();
    return this.process;
  }

  /** Does not wait; `environment` wins over the one that was prepared. */
  launch(environment: Record<string, string> = {}): AppProcess {
    if (this.removed) throw new Error('removed: the test ran out of time'); // what goes on of it starts nothing more
    const app = AppProcess.launch({
      entry: 'apps/platform/src/main.js',
      readyUrl: `${this.url}/health/ready`,
      env: {
        PORT: String(this.port),
        HOST: '127.0.0.1',
        MONEYFLOW_DATA_DIR: this.dataDir,
        // After a kill these decide how long the next start waits for what the dead one held.
        RELEASES_VISIBILITY_SECONDS: '3',
        OUTBOX_LEASE_SECONDS: '2',
        // One address does the work of a thousand clients here.
        RATE_LIMIT_GENERAL_PER_MIN: '0',
        RATE_LIMIT_LOGIN_PER_15_MIN: '0',
        RATE_LIMIT_EVENTS_PER_MIN: '0',
        RATE_LIMIT_KEY_PER_MIN: '0',
        ...this.environment,
        ...environment,
      },
    });
    this.launched.push(app);
    return app;
  }

  /** Nothing of it goes on, however a test ended: without its folder it would answer 500 to whoever still asks. */
  async remove(): Promise<void> {
    this.removed = true;
    await Promise.all(this.launched.map((app) => app.stop()));
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
