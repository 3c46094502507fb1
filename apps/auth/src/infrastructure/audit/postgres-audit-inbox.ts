import { Injectable } from '@nestjs/common';
import { Inbox } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { AuditInbox } from '../../application/audit/audit-inbox';

const CONSUMER = 'auth.audit';

@Injectable()
export class PostgresAuditInbox extends AuditInbox {
  constructor(private readonly inbox: Inbox) {
    super();
  }

  claim(tenantId: TenantId, entryIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.inbox.claim(
      CONSUMER,
      entryIds.map((id) => ({ tenantId, id })),
    );
  }
}
