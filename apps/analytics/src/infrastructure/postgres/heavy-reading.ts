import { DatabaseUnavailable } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { ReportTransaction } from '../../application/report-transaction';
import { ReportTooHeavy } from '../../domain/raw-report.errors';
import { FewAtOnce } from './few-at-once';
import { ReportSql } from './report-sql';

const MOST_SECONDS = 15;
/** Sorts a million events without the disk; what each of the few at work may take several times. */
const WORK_MEMORY = '64MB';
/** Processes of PostgreSQL that may read for one question; the embedded one has none unless they are asked for. */
const HELPERS = '2';
const CANCELLED = '57014';

/**
 * Transactions that go through very many raw events: a few at once, so that they leave connections, memory and processors to the
 * others, and none for ever; and no tenant all of the places.
 */
export class HeavyReading {
  private readonly places: FewAtOnce;

  /** @param poolMax connections of this process: a fifth may work, as many more wait */
  constructor(
    private readonly transaction: ReportTransaction,
    private readonly sql: ReportSql,
    poolMax: number,
  ) {
    const most = Math.max(1, Math.floor(poolMax / 5));
    this.places = new FewAtOnce(most, most);
  }

  /** In the open transaction, or in one of its own. @throws ReportTooHeavy, TooManyReports */
  run<T>(tenantId: TenantId, work: () => Promise<T>, helpers = HELPERS): Promise<T> {
    return this.places.run(tenantId, () => this.limited(tenantId, work, helpers));
  }

  private async limited<T>(tenantId: TenantId, work: () => Promise<T>, helpers: string): Promise<T> {
    try {
      return await this.transaction.runFor([tenantId], async () => {
        await this.sql.query(
          `select set_config('statement_timeout', $1, true), set_config('work_mem', $2, true), set_config('jit', 'off', true),
             set_config('max_parallel_workers_per_gather', $3, true)`,
          [`${MOST_SECONDS}s`, WORK_MEMORY, helpers],
        );
        return work();
      });
    } catch (error) {
      if (error instanceof DatabaseUnavailable && codeOf(error.cause) === CANCELLED)
        throw new ReportTooHeavy(MOST_SECONDS);
      throw error;
    }
  }
}

function codeOf(cause: unknown): unknown {
  return (cause as { code?: unknown } | undefined)?.code;
}
