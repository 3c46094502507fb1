import { Injectable } from '@nestjs/common';
import { TenantId } from '@libs/kernel';
import { Answer, Answers, Compute } from './answers';
import { ConsolidationReader } from './consolidation.reader';

@Injectable()
export class ReadBalance {
  constructor(
    private readonly answers: Answers,
    private readonly reader: ConsolidationReader,
  ) {}

  /** The balance at any instant, past or future; now by default. @throws TenantSuspended */
  execute(input: { tenantId: TenantId; at?: Date }): Promise<Answer> {
    const compute: Compute = async (tenant, asOf) => {
      const at = input.at ?? asOf;
      const balance = await this.reader.balanceAt(tenant.id, at);
      return { view: { at, balance, timeZone: tenant.timeZone, asOf } };
    };
    // "now" is another instant each time: nobody would ever hit it
    return input.at === undefined
      ? this.answers.uncached(input.tenantId, compute)
      : this.answers.get(input.tenantId, `balance:${input.at.toISOString()}`, compute);
  }
}
