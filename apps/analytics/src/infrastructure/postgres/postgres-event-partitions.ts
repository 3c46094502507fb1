import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { EventPartitions } from '../../application/event-partitions';

@Injectable()
export class PostgresEventPartitions extends EventPartitions {
  /** Months that are there for certain, as far as this process knows. */
  private readonly known = new Set<string>();

  constructor(private readonly sql: SqlSession) {
    super();
  }

  async ensure(months: ReadonlySet<string>): Promise<void> {
    const missing = [...months].filter((month) => !this.known.has(month));
    if (missing.length === 0) return;
    await this.sql.query('select analytics.make_partitions($1::date[])', [
      missing.sort().map((month) => `${month}-01`),
    ]);
    missing.forEach((month) => this.known.add(month));
  }

  forget(): void {
    this.known.clear();
  }

  async dropExpired(): Promise<string[]> {
    const rows = await this.sql.query<{ dropped: string }>(
      'select analytics.drop_expired_partitions() as dropped',
    );
    if (rows.length > 0) this.forget();
    return rows.map(({ dropped }) => dropped);
  }
}
