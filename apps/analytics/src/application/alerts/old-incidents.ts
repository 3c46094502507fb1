/** Incidents that were over 400 days ago: no tenant's events can be compared with them any more. */
export abstract class OldIncidents {
  /** Deletes up to `most` of any tenants; in no transaction of a tenant. @returns how many */
  abstract purge(most: number): Promise<number>;
}
