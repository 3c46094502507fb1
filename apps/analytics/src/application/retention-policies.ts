import { TenantId } from '@libs/kernel';
import { Retention } from '../domain/retention';

/** How long a tenant keeps its events, as the events service told it. */
export interface ToldRetention {
  tenantId: TenantId;
  retention: Retention;
  changedAt: Date;
}

/** The tenants' retention, in the open transaction. */
export abstract class RetentionPolicies {
  /** Of these tenants, those that have one of their own; the others have Retention.DEFAULT. */
  abstract of(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, Retention>>;
  /** Keeps the newest that was told of each tenant, in whatever order it comes. */
  abstract keep(told: readonly ToldRetention[]): Promise<void>;
}
