import { Provider } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { DomainError, MonthlyPartitions } from '@libs/kernel';

class PartitionMissing extends DomainError {
  readonly code = 'partition_missing';
  readonly kind = 'unavailable';

  constructor() {
    super('A month has no partition any more; it is made again at the next try.');
  }
}

/** By the functions `make_partitions` and `drop_expired_partitions` of a schema. */
class PostgresMonthlyPartitions extends MonthlyPartitions {
  /** Months that are there for certain, as far as this process knows. */
  private readonly known = new Set<string>();

  constructor(
    private readonly sql: SqlSession,
    private readonly schema: 'events' | 'analytics',
  ) {
    super();
  }

  async ensure(months: ReadonlySet<string>): Promise<void> {
    const missing = [...months].filter((month) => !this.known.has(month));
    if (missing.length === 0) return;
    await this.sql.query(`select ${this.schema}.make_partitions($1::date[])`, [
      missing.sort().map((month) => `${month}-01`),
    ]);
    missing.forEach((month) => this.known.add(month));
  }

  forget(): void {
    this.known.clear();
  }

  async dropExpired(): Promise<string[]> {
    const rows = await this.sql.query<{ dropped: string }>(
      `select ${this.schema}.drop_expired_partitions() as dropped`,
    );
    if (rows.length > 0) this.forget();
    return rows.map(({ dropped }) => dropped);
  }
}

/** @param schema whose tables they are of */
export function monthlyPartitions(schema: 'events' | 'analytics'): Provider {
  return {
    provide: MonthlyPartitions,
    useFactory: (sql: SqlSession) => new PostgresMonthlyPartitions(sql, schema),
    inject: [SqlSession],
  };
}

/** @throws PartitionMissing, which another try mends, where `insert` finds that a month it was told of is gone */
export async function inserting<T>(partitions: MonthlyPartitions, insert: () => Promise<T>): Promise<T> {
  try {
    return await insert();
  } catch (error) {
    // It has the code of a breached constraint, but the event is not to blame: the database is another than a moment ago.
    if ((error as { routine?: unknown }).routine !== 'ExecFindPartition') throw error;
    partitions.forget();
    throw new PartitionMissing();
  }
}
