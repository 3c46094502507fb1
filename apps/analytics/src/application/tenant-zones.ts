import { TenantId } from '@libs/kernel';
import { KnownZones } from '../domain/zone-of-days';

/** Where nothing was told yet. */
export const DEFAULT_ZONE = 'America/Sao_Paulo';

export interface TenantZone {
  tenantId: TenantId;
  /** IANA name. */
  timeZone: string;
  /** Of the tenant; an older one is passed over. */
  revision: number;
}

/** The zone that each tenant's reports are in, and the one its days are made in; read and written in the open transaction. */
export abstract class TenantZones {
  abstract of(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, string>>;
  abstract keep(zones: readonly TenantZone[]): Promise<void>;
  /** Undefined where nothing was told yet. */
  abstract find(tenantId: TenantId): Promise<KnownZones | undefined>;
  abstract makeDaysIn(tenantId: TenantId, zone: string, since: Date): Promise<void>;
}
