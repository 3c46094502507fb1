import { TenantId } from './ids';

/**
 * A database transaction that sees only the tenants it was opened for. Repositories, the outbox and the inbox used
 * inside `work` join it. A rejected `work` rolls back; nested calls join the open transaction.
 */
export abstract class TenantTransaction {
  /** For the tenant of the current request. */
  abstract run<T>(work: () => Promise<T>): Promise<T>;

  /** For the tenants a batch of messages names; the role's policy admits exactly these. */
  abstract runFor<T>(tenantIds: readonly TenantId[], work: () => Promise<T>): Promise<T>;
}
