import { TenantId } from '@libs/kernel';

/** Remembers, in the transaction of the entries, which ones other services told of before. */
export abstract class AuditInbox {
  /** @returns those that are new */
  abstract claim(tenantId: TenantId, entryIds: readonly string[]): Promise<ReadonlySet<string>>;
}
