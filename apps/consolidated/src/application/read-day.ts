import { Injectable } from '@nestjs/common';
import { BusinessDate, DomainError, ReleaseId, TenantId } from '@libs/kernel';
import { AnswerCache } from './answer.cache';
import { Answer, Answers, Compute } from './answers';
import { AwaitRelease } from './await-release';
import { ConsolidationReader } from './consolidation.reader';
import { dayView } from './day.view';

export interface ReadDayInput {
  tenantId: TenantId;
  /** Today in the tenant's zone by default. */
  date?: string;
  /** Wait for this release to be part of the answer. */
  after?: ReleaseId;
}

/** `included` tells whether the release that was waited for is part of the answer. */
export type DayAnswer = Answer & { included?: boolean };

@Injectable()
export class ReadDay {
  constructor(
    private readonly answers: Answers,
    private readonly cache: AnswerCache,
    private readonly reader: ConsolidationReader,
    private readonly awaitRelease: AwaitRelease,
  ) {}

  /** @throws TenantSuspended */
  execute(input: ReadDayInput): Promise<DayAnswer> {
    const key = input.date === undefined ? 'day:today' : `day:${input.date}`;
    const compute = this.compute(input);
    return input.after === undefined
      ? this.answers.get(input.tenantId, key, compute)
      : this.afterRelease(input.tenantId, input.after, key, compute);
  }

  private async afterRelease(
    tenantId: TenantId,
    releaseId: ReleaseId,
    key: string,
    compute: Compute,
  ): Promise<DayAnswer> {
    const included = await this.awaitRelease.execute({ tenantId, releaseId });
    if (!included) return { ...(await this.answers.uncached(tenantId, compute)), included };
    // The consumer has committed but may not have renewed yet. A slower reader, still computing from before that
    // commit, must not fill over what this caller is about to see.
    const renewed = await this.renew(tenantId);
    const answer = renewed
      ? await this.answers.fresh(tenantId, key, compute)
      : await this.answers.uncached(tenantId, compute);
    return { ...answer, included };
  }

  private async renew(tenantId: TenantId): Promise<boolean> {
    try {
      await this.cache.renew([tenantId]);
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unavailable') return false; // then no cache at all
      throw error;
    }
  }

  private compute(input: ReadDayInput): Compute {
    return async (tenant, asOf) => {
      const date = input.date === undefined ? tenant.dayOf(asOf) : BusinessDate.parse(input.date);
      const day = await this.reader.day(tenant.id, date);
      const view = { ...dayView(day), timeZone: tenant.timeZone, asOf };
      // a second early: the fill itself takes time, and "today" must not outlive the day
      return input.date === undefined ? { view, validSeconds: tenant.secondsLeftInDay(asOf) - 1 } : { view };
    };
  }
}
