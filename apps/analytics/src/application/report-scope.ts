import { TenantId } from '@libs/kernel';
import { Period } from '../domain/period';

/** What a report is about: an application of a tenant's, over a time. */
export interface ReportScope {
  tenantId: TenantId;
  appId: string;
  period: Period;
  /** The one that days are made in beforehand: the tenant's own, but for some hours after it changed. */
  tenantZone: string;
  /** Where it also reads of the time before: from when on. */
  since?: Date;
}
