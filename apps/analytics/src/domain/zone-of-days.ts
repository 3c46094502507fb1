/** So long days stay in the zone that they are made in: to change it has all of a tenant's days made anew. */
export const ZONE_REST_MS = 6 * 3_600_000;

/** What is known of a tenant's zones. */
export interface KnownZones {
  /** That it reports in. */
  told: string;
  /** That its days are made in; absent until the first one is. */
  days?: { zone: string; since: Date };
}

/** The zone that days are to be made in now. Until it is the one that was told, reports in that are read from days of another one. */
export function zoneOfDays({ told, days }: KnownZones, now: Date): string {
  if (!days || days.zone === told) return told;
  return now.getTime() - days.since.getTime() >= ZONE_REST_MS ? told : days.zone;
}
