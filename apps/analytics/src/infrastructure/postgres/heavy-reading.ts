import { Injectable } from '@nestjs/common';
import { DatabaseUnavailable, SqlSession } from '@libs/database';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { ReportTooHeavy } from '../../domain/raw-report.errors';
import { FewAtOnce } from './few-at-once';

const MOST_SECONDS = 15;
/** Sorts a million events without the disk; what each of the few at work may take several times. */
const WORK_MEMORY = '64MB';
const CANCELLED = '57014';

/**
 * Transactions that go through very many raw events: a few at once, so that they leave connections, memory and processors to the
 * others, and none for ever.
 */
@Injectable()
export class HeavyReading {
  private readonly places = new FewAtOnce(3, 12);

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sql: SqlSession,
  ) {}

  /** @throws ReportTooHeavy, TooManyReports */
  run<T>(tenantId: TenantId, work: () => Promise<T>): Promise<T> {
    return this.places.run(() => this.limited(tenantId, work));
  }

  private async limited<T>(tenantId: TenantId, work: () => Promise<T>): Promise<T> {
    try {
      return await this.transaction.runFor([tenantId], async () => {
        await this.sql.query(
          `select set_config('statement_timeout', $1, true), set_config('work_mem', $2, true), set_config('jit', 'off', true)`,
          [`${MOST_SECONDS}s`, WORK_MEMORY],
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
