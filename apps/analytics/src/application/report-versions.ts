import { TenantId } from '@libs/kernel';

/** How far the rollups of a time have come. */
export interface ReportVersion {
  /** Differs after every change of a UTC day that the time touches; does not after any other. */
  version: string;
  /** When such a day last changed. Absent where none has an event. */
  changedAt?: Date;
}

/** Reads what tells a stale answer from a good one. */
export abstract class ReportVersions {
  /** By itself, in one round trip. */
  abstract now(tenantId: TenantId, appId: string, from: Date, to: Date): Promise<ReportVersion>;
  /** In the open transaction. */
  abstract of(tenantId: TenantId, appId: string, from: Date, to: Date): Promise<ReportVersion>;
}
