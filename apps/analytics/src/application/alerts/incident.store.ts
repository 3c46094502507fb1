import { TenantId } from '@libs/kernel';
import { Incident, Resolution } from './incident';

/** A place in the list of an alert's incidents. */
export interface IncidentPlace {
  firedAt: string;
  id: string;
}

/** Incidents, in the open transaction. */
export abstract class IncidentStore {
  abstract open(incident: Incident): Promise<void>;
  /** @returns it as it is then; undefined where it was over before */
  abstract resolve(
    key: { tenantId: TenantId; id: string },
    resolved: { at: Date; why: Resolution; value: number | null },
  ): Promise<Incident | undefined>;
  abstract find(tenantId: TenantId, id: string): Promise<Incident | undefined>;
  /** Newest first. */
  abstract list(
    tenantId: TenantId,
    alertId: string,
    page: { after?: IncidentPlace; limit: number },
  ): Promise<Incident[]>;
}
