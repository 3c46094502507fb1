import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { EventPartitions } from '../../application/event-partitions';

@Injectable()
export class PostgresEventPartitions extends EventPartitions {
  /** Months that are there for certain, as far as this process knows. */
  private known = new Set<string>();

  constructor(private readonly sql: SqlSession) {
    super();
  }

  async ensure(months: ReadonlySet<string>): Promise<void> {
    const missing = [...months].filter((month) => !this.known.has(month));
    if (missing.length === 0) return;
    await this.sql.query('select events.make_partitions($1::date[])', [
      missing.sort().map((month) => `${month}-01`),
    ]);
    missing.forEach((month) => this.known.add(month));
  }

  async dropExpired(): Promise<string[]> {
    const rows = await this.sql.query<{ dropped: string }>(
      'select events.drop_expired_partitions() as dropped',
    );
    const gone = new Set(rows.map(({ dropped }) => dropped.slice(-7).replace('_', '-')));
    this.known = new Set([...this.known].filter((month) => !gone.has(month)));
    return rows.map(({ dropped }) => dropped);
  }
}
