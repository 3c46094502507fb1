import { Injectable } from '@nestjs/common';
import { isUuid, TenantId, TenantTransaction } from '@libs/kernel';
import { InsightNotFound } from '../../domain/reading.errors';
import { InsightReader, InsightView } from './insight.reader';

@Injectable()
export class ShowInsight {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: InsightReader,
  ) {}

  /** @throws InsightNotFound, also for another tenant's */
  async execute(tenantId: TenantId, id: string): Promise<InsightView> {
    if (!isUuid(id)) throw new InsightNotFound();
    const found = await this.transaction.run(() => this.reader.find(tenantId, id));
    if (!found) throw new InsightNotFound();
    return found;
  }
}
