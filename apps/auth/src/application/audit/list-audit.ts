import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '@libs/kernel';
import { AuditEntry, AuditFilter, AuditReader } from './audit-reader';

/** The tenant's audit log, newest first. */
@Injectable()
export class ListAudit {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: AuditReader,
  ) {}

  /** @returns one entry more than `limit` where there are more */
  execute(input: { filter: AuditFilter; limit: number; before?: bigint }): Promise<AuditEntry[]> {
    return this.transaction.run(() => this.reader.newest(input.filter, input.limit + 1, input.before));
  }
}
