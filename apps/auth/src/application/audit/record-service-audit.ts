import { Injectable } from '@nestjs/common';
import { requestContext, TenantTransaction } from '@libs/kernel';
import { ServiceAudit } from '../../domain/service-audit';
import { AuditInbox } from './audit-inbox';
import { AuditLog } from './audit-log';

/** Writes into the tenants' audit logs what happened in other services, each entry once however often it is told. */
@Injectable()
export class RecordServiceAudit {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly inbox: AuditInbox,
    private readonly audit: AuditLog,
  ) {}

  /** A transaction a tenant: one that cannot be written into holds up no other. */
  async execute(audits: readonly ServiceAudit[]): Promise<void> {
    for (const [tenantId, told] of Map.groupBy(audits, (audit) => audit.tenantId)) {
      await this.transaction.runFor([tenantId], async () => {
        const news = new Set(
          await this.inbox.claim(
            tenantId,
            told.map(({ entryId }) => entryId),
          ),
        );
        // A batch may bring one entry twice; deleting its id as it is written lets the second pass by.
        for (const entry of told) if (news.delete(entry.entryId)) await this.record(entry);
      });
    }
  }

  /** Under the request that did it, there. */
  private record({ tenantId, action, actor, target, details, requestId }: ServiceAudit): Promise<void> {
    return requestContext.run({ requestId }, () =>
      this.audit.record({ tenantId, action, actor, target, details }),
    );
  }
}
