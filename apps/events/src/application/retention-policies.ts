import { TenantId } from '@libs/kernel';
import { RetentionPolicy } from '../domain/retention-policy';

/** The tenants' retention, read and written in the open transaction. */
export abstract class RetentionPolicies {
  /** Of these tenants, those that have one of their own; the others have RetentionPolicy.DEFAULT. */
  abstract of(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, RetentionPolicy>>;
  /** The tenant's own, locked until the transaction ends: two changes at once follow each other. */
  abstract getForUpdate(tenantId: TenantId): Promise<RetentionPolicy>;
  abstract save(tenantId: TenantId, policy: RetentionPolicy): Promise<void>;
}
