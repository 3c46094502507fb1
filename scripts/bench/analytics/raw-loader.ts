import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OWNER_ROLE } from '@libs/database';
import { Client } from 'pg';

/**
 * Raw rows by COPY into months that nobody sees before they are full; then the indexes are made at once and the months attached, as
 * analytics.make_partitions does with empty ones. All of it is one transaction, which spares the write-ahead log too.
 */
export class RawLoader {
  private readonly months = new Set<string>();

  private constructor(
    private readonly admin: Client,
    private readonly dir: string,
    private readonly columns: string,
  ) {}

  /** @param dir that the server can read, too */
  static async begin(adminUrl: string, dir: string, columns: string): Promise<RawLoader> {
    const admin = new Client({ connectionString: adminUrl });
    await admin.connect();
    await admin.query('begin');
    await admin.query(
      `set local maintenance_work_mem = '768MB'; set local max_parallel_maintenance_workers = 1`,
    );
    return new RawLoader(admin, dir, columns);
  }

  /** @param months lines of COPY by the month that their timestamp is in, `YYYY-MM` */
  async add(months: ReadonlyMap<string, readonly string[]>): Promise<void> {
    for (const [month, lines] of months) {
      if (!this.months.has(month)) await this.make(month);
      const file = join(this.dir, `raw-${month}.copy`);
      await writeFile(file, lines.join(''), { mode: 0o644 });
      await this.admin.query(`copy ${tableOf(month)} (${this.columns}) from '${file}' with (freeze)`);
      await rm(file);
    }
  }

  /** @param told before each month, whose indexes take a while */
  async attach(told: (month: string) => void): Promise<void> {
    for (const month of [...this.months].sort()) {
      told(month);
      const [from, to] = [`${month}-01 00:00:00+00`, `${monthAfter(month)}-01 00:00:00+00`];
      await this.admin.query(
        `alter table analytics.events attach partition ${tableOf(month)} for values from ('${from}') to ('${to}')`,
      );
    }
    await this.admin.query('commit');
  }

  async end(): Promise<void> {
    await this.admin.end();
  }

  private async make(month: string): Promise<void> {
    this.months.add(month);
    const table = tableOf(month);
    await this.admin.query(`
create table ${table} (like analytics.events including defaults including constraints);
alter table ${table} enable row level security, force row level security;
alter table ${table} owner to ${OWNER_ROLE};`);
  }
}

function tableOf(month: string): string {
  return `analytics.events_${month.replace('-', '_')}`;
}

function monthAfter(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}
