import { TenantId } from '@libs/kernel';

/** What this context must know of a tenant; auth owns the original. */
export interface TenantCopy {
  tenantId: TenantId;
  timeZone: string;
  status: 'active' | 'suspended';
  /** Grows with each change: the highest wins, whatever the order of arrival. */
  revision: number;
}

export abstract class TenantCopies {
  /** Keeps those that are newer than what is there. */
  abstract keep(copies: readonly TenantCopy[]): Promise<void>;

  /** The time zone of each tenant that is known here. */
  abstract timeZonesOf(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, string>>;
}
