import { TenantId } from '@libs/kernel';
import { Alert } from './alert';

/** Alerts that nobody deleted, in the open transaction. */
export abstract class AlertRepository {
  /** @returns whether there was room: a tenant has at most `most` */
  abstract add(alert: Alert, most: number): Promise<boolean>;
  abstract find(tenantId: TenantId, id: string): Promise<Alert | undefined>;
  /** Who judges it passes it over until the transaction ends. */
  abstract findForUpdate(tenantId: TenantId, id: string): Promise<Alert | undefined>;
  /** Oldest first; of that application only, where it is named. */
  abstract list(
    tenantId: TenantId,
    page: { appId?: string; after?: string; limit: number },
  ): Promise<Alert[]>;
  /** Everything but who made it, and when. */
  abstract save(alert: Alert): Promise<void>;
}
