import { Injectable } from '@nestjs/common';
import { BusinessDate, TenantId } from '@libs/kernel';
import { ConsolidatedDay } from '../domain/consolidated-day';
import { RangeReversed, RangeTooLong } from '../domain/consolidation.errors';
import { Answer, Answers } from './answers';
import { ConsolidationReader } from './consolidation.reader';
import { dayView } from './day.view';

const MAX_DAYS = 366;

@Injectable()
export class ReadRange {
  constructor(
    private readonly answers: Answers,
    private readonly reader: ConsolidationReader,
  ) {}

  /** One row a day, days without movement too. @throws RangeReversed, RangeTooLong, TenantSuspended */
  async execute(input: { tenantId: TenantId; from: string; to: string }): Promise<Answer> {
    const from = BusinessDate.parse(input.from);
    const to = BusinessDate.parse(input.to);
    if (from.isAfter(to)) throw new RangeReversed();
    if (from.daysUntil(to) >= MAX_DAYS) throw new RangeTooLong(MAX_DAYS);

    return this.answers.get(input.tenantId, `range:${input.from}:${input.to}`, async (tenant, asOf) => {
      const { openingBalance, movements } = await this.reader.movements(tenant.id, from, to);
      const days = ConsolidatedDay.run(from, to, openingBalance, movements);
      return { view: { from, to, timeZone: tenant.timeZone, asOf, items: days.map(dayView) } };
    });
  }
}
